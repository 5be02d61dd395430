import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { StateTensor } from '#core/backend/backend'
import type { RunSpec } from '#core/spec/run-spec'
import type { TrainerCheckpoint } from '#core/training/checkpoint'
import { writeAtomically } from './atomic-file'
import { encodeCheckpoint } from './checkpoint-file'
import { encodeModel } from './model-file'
import type { MetricsLine } from './metrics-lines'
import { MetricsLog } from './metrics-log'
import type { Summary } from './run-documents'
import { RunLock } from './run-lock'

/** Names inside a run's folder. */
export const FILES = {
  spec: 'spec.json',
  environment: 'environment.json',
  metrics: 'metrics.jsonl',
  last: join('checkpoints', 'last.safetensors'),
  best: join('checkpoints', 'best.safetensors'),
  model: 'model.safetensors',
  summary: 'summary.json',
} as const

/** The folder of a run that this process works on. It is locked until `close`. */
export class RunFolder {
  readonly id: string
  readonly path: string
  readonly spec: RunSpec
  private readonly lock: RunLock
  private readonly log: MetricsLog

  private constructor(path: string, id: string, spec: RunSpec, lock: RunLock, log: MetricsLog) {
    this.path = path
    this.id = id
    this.spec = spec
    this.lock = lock
    this.log = log
  }

  /** `onWriteError` hears of metrics that could not be written. */
  static async open(
    path: string,
    id: string,
    spec: RunSpec,
    onWriteError: (error: unknown) => void,
  ): Promise<RunFolder> {
    await mkdir(join(path, 'checkpoints'), { recursive: true })
    const lock = await RunLock.take(path)
    try {
      await rm(join(path, FILES.summary), { force: true })
      const log = await MetricsLog.open(join(path, FILES.metrics), onWriteError)
      return new RunFolder(path, id, spec, lock, log)
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  record(line: MetricsLine): void {
    this.log.add(line)
  }

  setPhase(phase: 'running' | 'paused'): Promise<void> {
    return this.lock.setPhase(phase)
  }

  /** Metrics reach the disk before the checkpoint that counts on them. */
  async saveCheckpoint(checkpoint: TrainerCheckpoint, best: boolean): Promise<void> {
    await this.log.flush()
    const bytes = encodeCheckpoint(checkpoint)
    await writeAtomically(join(this.path, FILES.last), bytes)
    if (best) await writeAtomically(join(this.path, FILES.best), bytes)
  }

  async saveModel(
    tensors: ReadonlyMap<string, StateTensor>,
    testAccuracy: number | null,
  ): Promise<void> {
    const bytes = encodeModel({ tensors, spec: this.spec, testAccuracy })
    await writeAtomically(join(this.path, FILES.model), bytes)
  }

  async finish(summary: Summary): Promise<void> {
    await this.log.flush()
    await writeAtomically(join(this.path, FILES.summary), `${JSON.stringify(summary, null, 2)}\n`)
  }

  async close(): Promise<void> {
    try {
      await this.log.close()
    } finally {
      await this.lock.release()
    }
  }
}
