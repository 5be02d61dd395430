import type { MachineMeasurement } from '#core/contract/machine'
import type { Dataset } from '#core/data/dataset'
import { flopsPerImage } from '#core/machine/estimate'
import { leavesFrom } from '#core/machine/measured'
import { runSpecSchema, type RunSpec } from '#core/spec/run-spec'
import { measureCpu } from '../probe/measure'
import { checkSpec } from './check-spec'
import { openDevice } from './devices'
import { timeSteps } from './time-steps'

export interface MeasuringParts {
  readonly engineScript: URL
  readonly threads: number
  readonly dataset: Promise<Dataset>
}

/** Wide enough that nearly all of its time goes into matrix products. */
const WIDE = { widths: [784, 512, 512, 10], batchSize: 256 } as const
const TRAIN_IMAGES = 10_000

const leaf = leavesFrom('measured here')

/** Times the CPU with the kernels that train: one measurement at a time. */
export class Measuring {
  private readonly parts: MeasuringParts
  private controller: AbortController | null = null

  constructor(parts: MeasuringParts) {
    this.parts = parts
  }

  cancel(): void {
    this.controller?.abort(new Error('The measurement was cancelled'))
  }

  async measure(spec: RunSpec): Promise<MachineMeasurement> {
    const { threads } = this.parts
    const controller = new AbortController()
    this.controller = controller
    const { signal } = controller
    const checked = checkSpec(spec, await this.parts.dataset)
    if (!checked.ok) throw new Error(checked.error)
    try {
      const cpu = await measureCpu({
        threads,
        signal,
        measureGflops: (count) => this.gflops(count, signal),
      })
      const secondsPerStep = await this.secondsPerStep(spec, threads, signal)
      const method = `training this net, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
      return { cpu, threads, secondsPerStep: leaf(secondsPerStep, 's', method, 'measured') }
    } finally {
      this.controller = null
    }
  }

  private async gflops(threads: number, signal: AbortSignal): Promise<number | null> {
    const seconds = await this.secondsPerStep(wideSpec(), threads, signal)
    return seconds === null ? null : (WIDE.batchSize * flopsPerImage(WIDE.widths)) / seconds / 1e9
  }

  private async secondsPerStep(
    spec: RunSpec,
    threads: number,
    signal: AbortSignal,
  ): Promise<number | null> {
    signal.throwIfAborted()
    const opened = await openDevice('cpu', threads, this.parts.engineScript)
    if (!opened.ok) return null
    const device = opened.value
    try {
      const dataset = await this.parts.dataset
      return await timeSteps({ spec, dataset, backend: device.backend, signal })
    } finally {
      await device.close()
    }
  }
}

/** SGD, so that the update costs next to nothing beside the products. */
function wideSpec(): RunSpec {
  const [, ...widths] = WIDE.widths
  return runSpecSchema.parse({
    version: 1,
    dataset: { trainSize: TRAIN_IMAGES, valSize: 0 },
    model: {
      layers: widths.map((outFeatures) => ({ type: 'Linear', outFeatures })),
    },
    optimizer: { type: 'SGD', lr: 1e-6 },
    training: { batchSize: WIDE.batchSize, epochs: 1 },
  })
}
