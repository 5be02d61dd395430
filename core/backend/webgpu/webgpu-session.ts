import { evaluateInPieces } from '../evaluate-in-pieces'
import { PlainState } from '../plain-state'
import { probabilitiesOf } from '../probabilities'
import type {
  Block,
  BlockReport,
  Evaluation,
  EvaluationRequest,
  Prediction,
  PredictionRequest,
  Session,
  SessionState,
  TileRecord,
} from '../backend'
import type { RunGroup } from './run-group'
import type { Member } from './run-group-options'

/** One run of a group: alone in it, or one of a race. */
export class WebgpuSession implements Session {
  readonly tiles: TileRecord
  private readonly group: RunGroup
  private readonly member: Member
  private readonly index: number
  private readonly release: () => void

  /** release: called once, by the first `dispose`. */
  constructor(
    group: RunGroup,
    member: Member,
    index: number,
    tiles: TileRecord,
    release: () => void,
  ) {
    this.group = group
    this.member = member
    this.index = index
    this.tiles = tiles
    this.release = once(release)
  }

  /** Dispatches that the GPU gets for a step. */
  get dispatchesPerStep(): number {
    const { step, afterwards } = this.group.options.programs
    return step.dispatches + afterwards.dispatches
  }

  async run(block: Block): Promise<BlockReport> {
    const [report] = await this.group.run([block])
    if (report === undefined) throw new RangeError('a block without a report')
    return report
  }

  async evaluate({ set, indices, averaged }: EvaluationRequest): Promise<Evaluation> {
    const { dataset, buffers } = this.group.options
    const { loss, memory } = this.member
    const { outFeatures } = memory.network
    const images = dataset[set]
    const first = set === 'train' ? 0 : buffers.firstTest
    const all = indices ?? Uint32Array.from({ length: images.count }, (_, i) => i)
    const forward = () =>
      this.group.outputsOf(
        this.index,
        all.map((image) => first + image),
      )
    const hasAverage = averaged && this.group.averagesTaken(this.index) > 0
    const outputs = await (hasAverage ? memory.withAverages(forward) : forward())
    let done = 0
    return evaluateInPieces({ loss, classes: outFeatures }, images, indices, ({ length }) => {
      done += length
      return outputs.subarray((done - length) * outFeatures, done * outFeatures)
    })
  }

  async predict({ pixels, count, activations }: PredictionRequest): Promise<Prediction> {
    const { buffers, rows, guests } = this.group.options
    const { memory, spec } = this.member
    const { inFeatures, outFeatures } = memory.network
    const outputs = new Float32Array(count * outFeatures)
    let first: Prediction['activations'] = []
    const atOnce = Math.min(guests, rows)
    for (let from = 0; from < count; from += atOnce) {
      const n = Math.min(atOnce, count - from)
      buffers.writeImages(pixels.subarray(from * inFeatures), n, buffers.firstGuest)
      const images = Uint32Array.from({ length: n }, (_, i) => buffers.firstGuest + i)
      outputs.set(await this.group.outputsOf(this.index, images), from * outFeatures)
      if (activations && from === 0) first = await memory.readFirstRow()
    }
    const last = spec.model.layers.at(-1)?.type
    return {
      probabilities: probabilitiesOf(outputs, count, outFeatures, last),
      activations: first,
    }
  }

  async exportState(): Promise<SessionState> {
    const { scalars, memory, spec } = this.member
    const numbers: Record<string, number> = { 'optimizer.step': scalars.steps }
    for (const [name, values] of Object.entries(scalars.numbersByParameter()))
      for (const [key, value] of Object.entries(values)) numbers[`optimizer.${name}.${key}`] = value
    if (spec.training.averaging !== null)
      numbers['averaged.n_averaged'] = this.group.averagesTaken(this.index)
    return { tensors: await memory.exportTensors(), numbers }
  }

  importState(state: SessionState): Promise<void> {
    return new Promise((resolve) => {
      this.replaceState(state)
      resolve()
    })
  }

  private replaceState(state: SessionState): void {
    const { scalars, memory, spec } = this.member
    new PlainState(spec, memory.network, (length) => new Float32Array(length)).import(state)
    memory.push(state.tensors)
    scalars.resume(state.numbers)
    this.group.setAveragesTaken(this.index, state.numbers['averaged.n_averaged'] ?? 0)
  }

  dispose(): Promise<void> {
    this.release()
    return Promise.resolve()
  }
}

function once(action: () => void): () => void {
  let done = false
  return () => {
    if (!done) action()
    done = true
  }
}
