import type { Dataset } from '#core/data/dataset'
import type { DeviceLoss } from '#core/backend/survival'
import type { OpenRun, RunHeader } from '#core/contract/answers'
import { describeDeviceReason } from '#core/contract/device-reason'
import type { TrainerEvent } from '#core/contract/events'
import type { RunState } from '#core/training/run-state'
import type { Trainer } from '#core/training/trainer'
import type { RunStore } from '../store/run-store'
import type { DeviceDesk } from './device-desk'
import type { OpenDevice } from './devices'

/** What a run needs of the process it lives in: the trainer process or the command line. */
export interface RunHost {
  readonly store: RunStore
  readonly dataset: Dataset
  readonly desk: DeviceDesk
  readonly version: string
  readonly send: (event: TrainerEvent) => void
}

/** Why a run could not be opened; `kind` decides the exit status. */
export interface RunRefusal {
  readonly kind: 'device' | 'spec' | 'run'
  readonly message: string
}

/** What is remembered of a run, and where. */
export interface RunMemory {
  readonly folder: { readonly path: string }
  recorded(): Pick<OpenRun, 'series' | 'epochs' | 'test' | 'layers'>
  close(): Promise<void>
}

/** The run that is open: its trainer, the device that computes, and its folder. */
export class ActiveRun {
  readonly path: string
  readonly trainer: Trainer
  private current: RunHeader
  private readonly device: OpenDevice
  private readonly recorder: RunMemory
  private readonly ended: RunState | null

  /** `ended`: how the run ended before it was opened; its trainer then only answers, and takes no step. */
  constructor(
    header: RunHeader,
    trainer: Trainer,
    device: OpenDevice,
    recorder: RunMemory,
    ended: RunState | null = null,
  ) {
    this.current = header
    this.path = recorder.folder.path
    this.trainer = trainer
    this.device = device
    this.recorder = recorder
    this.ended = ended
  }

  get header(): RunHeader {
    return this.current
  }

  /** The device was lost, and the run is on another one. */
  moved({ from, to, reason }: DeviceLoss): void {
    const why = { kind: 'lost', from, reason } as const
    this.current = { ...this.current, device: to, why, deviceReason: describeDeviceReason(why) }
  }

  get state(): RunState {
    return this.ended ?? this.trainer.state
  }

  /** Whether it can be trained on; a run that ended cannot. */
  get isOpen(): boolean {
    const { phase } = this.state
    return phase === 'idle' || phase === 'running' || phase === 'paused'
  }

  /** Everything that a window needs to show it. */
  snapshot(): OpenRun {
    const { header, state } = this
    const { progress } = this.trainer
    return { header, state, progress, ...this.recorder.recorded() }
  }

  /** Ends the run with a checkpoint if it has not ended, and frees thread and folder. */
  async close(): Promise<void> {
    try {
      if (this.ended === null) await this.trainer.stop()
    } finally {
      await this.recorder.close()
      await this.device.close()
    }
  }
}
