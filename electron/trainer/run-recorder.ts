import type { DeviceName } from '#core/backend/backend'
import type { OpenRun } from '#core/contract/answers'
import type { TrainerEvent } from '#core/contract/events'
import type { TrainerCheckpoint } from '#core/training/checkpoint'
import type { EpochRecord, RunProgress, RunState, TestRecord } from '#core/training/run-state'
import type { TrainerSignal } from '#core/training/signal'
import { finalTensors } from '../store/checkpoint-file'
import { LossHistory } from '../store/loss-history'
import type { MetricsLine } from '../store/metrics-lines'
import type { RunFolder } from '../store/run-folder'
import { StepThrottle } from './step-throttle'

type Layers = Extract<TrainerSignal, { type: 'layers' }>

/** Takes what a trainer signals to the run's folder and to the windows, and remembers it for windows that come later. */
export class RunRecorder {
  readonly folder: RunFolder
  private device: DeviceName
  private readonly send: (event: TrainerEvent) => void
  private readonly throttle: StepThrottle
  private readonly history = new LossHistory()
  private readonly epochs: EpochRecord[] = []
  private test: TestRecord | null = null
  private layers: Layers | null = null
  /** Kept from the last checkpoint until the test result, which is written beside the weights. */
  private final: TrainerCheckpoint | null = null
  private closed = false

  /** `lines`: what a resumed run recorded before. */
  constructor(
    folder: RunFolder,
    device: DeviceName,
    lines: readonly MetricsLine[],
    send: (event: TrainerEvent) => void,
  ) {
    this.folder = folder
    this.device = device
    this.send = send
    this.throttle = new StepThrottle((steps) => {
      send({ ...steps, run: folder.id })
    })
    for (const line of lines) {
      if (line.type === 'steps') this.history.add(line)
      if (line.type === 'epoch') this.epochs.push(line)
    }
  }

  recorded(): Pick<OpenRun, 'series' | 'epochs' | 'test' | 'layers'> {
    const { layers, test } = this
    return {
      series: this.history.series(),
      epochs: [...this.epochs],
      test,
      layers: layers === null ? null : { step: layers.step, reports: layers.reports },
    }
  }

  /** The trainer waits for it, so that a checkpoint is on disk before the run goes on. */
  async note(signal: TrainerSignal): Promise<void> {
    const run = this.folder.id
    if (signal.type === 'steps') {
      const { firstStep, losses, accuracies, lrs } = signal
      const line = { first: firstStep, losses, accuracies, lrs }
      this.folder.record({ type: 'steps', ...line })
      this.history.add(line)
      this.throttle.add(signal)
      return
    }
    this.throttle.flush()
    switch (signal.type) {
      case 'epoch':
        this.epochs.push(signal.record)
        this.folder.record({ type: 'epoch', ...signal.record })
        this.send({ ...signal, run })
        return
      case 'layers':
        this.layers = signal
        this.folder.record(signal)
        this.send({ ...signal, run })
        return
      case 'test':
        this.test = signal.record
        this.folder.record({ type: 'test', ...signal.record })
        this.send({ ...signal, run })
        return
      case 'notice':
        if (signal.notice.kind === 'device-changed') this.device = signal.notice.to
        this.send(signal)
        return
      case 'checkpoint':
        return this.save(signal)
      case 'state':
        await this.follow(signal.state, signal.progress)
        this.send({ ...signal, run })
    }
  }

  /** Lets go of the folder without an end: the run stays resumable. */
  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    this.throttle.flush()
    await this.folder.close()
  }

  /** A full disk must not end the training: it goes on and says so. */
  private async save({
    checkpoint,
    best,
    final,
  }: Extract<TrainerSignal, { type: 'checkpoint' }>): Promise<void> {
    try {
      await this.folder.saveCheckpoint(checkpoint, best)
      if (final) this.final = checkpoint
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.send({ type: 'notice', level: 'error', notice: { kind: 'checkpoint-failed', reason } })
    }
  }

  private async follow(state: RunState, progress: RunProgress): Promise<void> {
    switch (state.phase) {
      case 'idle':
        return
      case 'running':
      case 'paused':
        await this.folder.setPhase(state.phase)
        return
      case 'finished':
      case 'stopped':
      case 'failed':
        if (this.final !== null) {
          const tensors = finalTensors(this.final.session)
          await this.folder.saveModel(tensors, this.test?.testAccuracy ?? null)
        }
        await this.folder.finish({
          status: state.phase,
          reason: state.phase === 'failed' ? state.reason : null,
          device: this.device,
          epochs: this.epochs.length,
          steps: progress.step,
          testLoss: this.test?.testLoss ?? null,
          testAccuracy: this.test?.testAccuracy ?? null,
          seconds: this.epochs.reduce((sum, { seconds }) => sum + seconds, 0),
          ended: new Date().toISOString(),
        })
        await this.close()
    }
  }
}
