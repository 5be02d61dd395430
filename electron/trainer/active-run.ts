import type { Dataset } from '#core/data/dataset'
import type { OpenRun, RunHeader } from '#core/contract/answers'
import type { TrainerEvent } from '#core/contract/events'
import type { Trainer } from '#core/training/trainer'
import type { RunStore } from '../store/run-store'
import type { OpenDevice } from './devices'
import type { RunRecorder } from './run-recorder'

/** What a run needs of the process it lives in: the trainer process or the command line. */
export interface RunHost {
  readonly store: RunStore
  readonly dataset: Dataset
  /** Built engine.js. */
  readonly engineScript: URL
  readonly threads: number
  readonly version: string
  readonly send: (event: TrainerEvent) => void
}

/** Why a run could not be opened; `kind` decides the exit status. */
export interface RunRefusal {
  readonly kind: 'device' | 'spec' | 'run'
  readonly message: string
}

/** The run that is open: its trainer, the device that computes, and its folder. */
export class ActiveRun {
  readonly header: RunHeader
  readonly path: string
  readonly trainer: Trainer
  private readonly device: OpenDevice
  private readonly recorder: RunRecorder

  constructor(header: RunHeader, trainer: Trainer, device: OpenDevice, recorder: RunRecorder) {
    this.header = header
    this.path = recorder.folder.path
    this.trainer = trainer
    this.device = device
    this.recorder = recorder
  }

  /** Everything that a window needs to show it. */
  snapshot(): OpenRun {
    const { state, progress } = this.trainer
    return { header: this.header, state, progress, ...this.recorder.recorded() }
  }

  /** Ends the run with a checkpoint if it has not ended, and frees thread and folder. */
  async close(): Promise<void> {
    try {
      await this.trainer.stop()
    } finally {
      await this.recorder.close()
      await this.device.close()
    }
  }
}
