import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Backend, Session } from '#core/backend/backend'
import type { Dataset } from '#core/data/dataset'
import { Mt19937 } from '#core/tensor/mt19937'
import { randperm } from '#core/tensor/torch-random'
import { drawParameters, toStateTensor } from '#core/training/initial-parameters'
import { type StandardNet, specOf } from './standard-nets'

/** Something that trains standard nets and says how long it took. */
export interface Contender {
  readonly name: string
  readonly threads: number
  /** Seconds of `net.steps` steps, after a warm-up on the first call. */
  measure(net: StandardNet): Promise<number>
  close(): Promise<void>
}

/** Steps before the first measurement: V8 optimises the kernels meanwhile. */
const WARM_UP = 30

export class EngineContender implements Contender {
  readonly name: string
  readonly threads: number
  private readonly backend: Backend
  private readonly dataset: Dataset
  private session: Session | null = null
  private current: StandardNet | null = null
  private step = 0

  constructor(threads: number, backend: Backend, dataset: Dataset) {
    this.name = 'gradient workbench'
    this.threads = threads
    this.backend = backend
    this.dataset = dataset
  }

  async measure(net: StandardNet): Promise<number> {
    if (this.current !== net) {
      await this.close()
      const spec = specOf(net)
      const drawn = drawParameters(spec.model, new Mt19937(0))
      const parameters = new Map(drawn.map(toStateTensor))
      this.session = await this.backend.createSession({ spec, dataset: this.dataset, parameters })
      this.current = net
      await this.train(net, Math.min(net.steps, WARM_UP))
    }
    return this.train(net, net.steps)
  }

  async close(): Promise<void> {
    await this.session?.dispose()
    this.session = null
    this.current = null
  }

  private async train(net: StandardNet, steps: number): Promise<number> {
    const { count } = this.dataset.train
    const order = randperm(count, new Mt19937(this.step))
    const batches = Math.floor(count / net.batch)
    const indices = Uint32Array.from(
      { length: steps * net.batch },
      (_, i) => order[(Math.floor(i / net.batch) % batches) * net.batch + (i % net.batch)] ?? 0,
    )
    const batchEnds = Uint32Array.from({ length: steps }, (_, i) => (i + 1) * net.batch)
    const block = {
      indices,
      batchEnds,
      firstStep: this.step,
      epoch: 0,
      learningRates: new Float64Array(steps).fill(specOf(net).optimizer.lr),
      momenta: null,
      diagnoseAt: null,
      foldAverage: false,
    }
    this.step += steps
    const start = performance.now()
    await this.session?.run(block)
    return (performance.now() - start) / 1000
  }
}

/** PyTorch in a process of its own, which holds one variant and number of threads. */
export class TorchContender implements Contender {
  readonly name: string
  readonly threads: number
  private readonly child
  private readonly answers

  constructor(python: string, script: string, variant: string, threads: number, images: string) {
    this.name = `torch ${variant}`
    this.threads = threads
    this.child = spawn(python, [script, String(threads), variant, images], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.answers = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]()
  }

  async measure(net: StandardNet): Promise<number> {
    this.child.stdin.write(`${JSON.stringify(net)}\n`)
    const { value, done } = await this.answers.next()
    if (done === true) throw new Error(`${this.name} ended`)
    return (JSON.parse(value) as { seconds: number }).seconds
  }

  close(): Promise<void> {
    this.child.stdin.end()
    return Promise.resolve()
  }
}
