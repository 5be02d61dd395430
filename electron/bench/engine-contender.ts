import type { Backend, Block, Session } from '#core/backend/backend'
import type { Dataset } from '#core/data/dataset'
import { Mt19937 } from '#core/tensor/mt19937'
import { randperm } from '#core/tensor/torch-random'
import { drawParameters, toStateTensor } from '#core/training/initial-parameters'
import type { Contender, Timing } from './contender'
import { specOf, type StandardNet, stepsPerEpoch } from './standard-nets'

/** Steps before the first measurement: V8 optimises the kernels meanwhile. */
const WARM_UP = 30

export const WORKBENCH = 'gradient workbench'

export interface EngineContenderParts {
  readonly name: string
  readonly threads: number
  readonly backend: Backend
  readonly dataset: Dataset
  /** Of a measurement: it takes whole epochs, or a part of one, that last about so long; default: `net.steps` steps. */
  readonly seconds?: number
  /** Ends what the backend runs in. */
  readonly end?: () => Promise<void>
}

/** A backend of the workbench, driven as a training drives it: a block of steps a call, on shuffled images. */
export class EngineContender implements Contender {
  readonly family = WORKBENCH
  readonly name: string
  readonly threads: number
  readonly device: 'cpu' | 'gpu'
  private readonly parts: EngineContenderParts
  /** Of the net that was measured last. */
  session: Session | null = null
  private current: StandardNet | null = null
  private step = 0
  /** Steps of each block of a measurement. */
  private blocks: readonly number[] = []

  constructor(parts: EngineContenderParts) {
    this.name = parts.name
    this.threads = parts.threads
    this.device = parts.backend.device === 'webgpu' ? 'gpu' : 'cpu'
    this.parts = parts
  }

  async measure(net: StandardNet): Promise<Timing> {
    if (this.session === null || this.current !== net) {
      await this.release()
      this.session = await this.open(net)
      this.current = net
      const first = Math.min(net.steps, this.parts.seconds === undefined ? WARM_UP : 1)
      await this.train(this.session, net, first)
      this.blocks = await this.blocksFor(this.session, net)
    }
    let seconds = 0
    let steps = 0
    for (const block of this.blocks) {
      const timing = await this.train(this.session, net, block)
      seconds += timing.seconds
      steps += timing.steps
    }
    return { seconds, steps }
  }

  async release(): Promise<void> {
    await this.session?.dispose()
    this.session = null
    this.current = null
  }

  async close(): Promise<void> {
    await this.release()
    await this.parts.end?.()
  }

  private open(net: StandardNet): Promise<Session> {
    const { backend, dataset } = this.parts
    const spec = specOf(net)
    const parameters = new Map(
      drawParameters(spec.model, new Mt19937(0)).map((drawn) => toStateTensor(drawn)),
    )
    return backend.createSession({ spec, dataset, parameters })
  }

  /** Grows a block until a measurement's length can be told from it. */
  private async blocksFor(session: Session, net: StandardNet): Promise<readonly number[]> {
    const { seconds: wanted } = this.parts
    if (wanted === undefined) return [net.steps]
    const epoch = stepsPerEpoch(net)
    for (let steps = 1; ; steps = Math.min(epoch, steps * 4)) {
      const { seconds } = await this.train(session, net, steps)
      if (seconds < wanted / 8 && steps < epoch) continue
      const all = Math.max(1, Math.round((steps * wanted) / seconds))
      if (all <= epoch) return [all]
      return Array.from({ length: Math.round(all / epoch) }, () => epoch)
    }
  }

  private async train(session: Session, net: StandardNet, steps: number): Promise<Timing> {
    const block = this.blockOf(net, steps)
    this.step += steps
    const start = performance.now()
    await session.run(block)
    return { seconds: (performance.now() - start) / 1000, steps }
  }

  private blockOf(net: StandardNet, steps: number): Block {
    const { count } = this.parts.dataset.train
    const order = randperm(count, new Mt19937(this.step))
    const batches = Math.floor(count / net.batch)
    const indices = Uint32Array.from(
      { length: steps * net.batch },
      (_, i) => order[(Math.floor(i / net.batch) % batches) * net.batch + (i % net.batch)] ?? 0,
    )
    return {
      indices,
      batchEnds: Uint32Array.from({ length: steps }, (_, i) => (i + 1) * net.batch),
      firstStep: this.step,
      epoch: 0,
      learningRates: new Float64Array(steps).fill(specOf(net).optimizer.lr),
      momenta: null,
      diagnoseAt: null,
      foldAverage: false,
    }
  }
}
