import type { Backend, Block, Session } from '#core/backend/backend'
import type { Dataset } from '#core/data/dataset'
import { Mt19937 } from '#core/tensor/mt19937'
import { randperm } from '#core/tensor/torch-random'
import { drawParameters, toStateTensor } from '#core/training/initial-parameters'
import type { Contender, Timing } from './contender'
import { specOf, type StandardNet } from './standard-nets'

/** Steps before the first measurement: V8 optimises the kernels meanwhile. */
const WARM_UP = 30

export const WORKBENCH = 'gradient workbench'

export interface EngineContenderParts {
  readonly name: string
  readonly threads: number
  readonly backend: Backend
  readonly dataset: Dataset
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
  private session: Session | null = null
  private current: StandardNet | null = null
  private step = 0

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
      await this.train(this.session, net, Math.min(net.steps, WARM_UP))
    }
    return this.train(this.session, net, net.steps)
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
