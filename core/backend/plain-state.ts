import type { Network } from '#core/nn/network'
import { AveragedWeights } from '#core/optim/averaged-weights'
import { clipGradNorm, clipGradValue } from '#core/optim/clip'
import { Lbfgs } from '#core/optim/lbfgs'
import { limitRowNorms } from '#core/optim/max-norm'
import { Optimizer } from '#core/optim/optimizer'
import {
  checkTensors,
  exportTensors,
  importTensors,
  OptimStateError,
  type OptimState,
  type StateTarget,
} from '#core/optim/state'
import type { RunSpec } from '#core/spec/run-spec'
import type { Floats, MakeFloats } from '#core/tensor/floats'
import { AveragedStatistics, type ShowBatch } from './averaged-statistics'
import { firstMomentum } from './first-momentum'
import {
  StateMismatchError,
  type SessionState,
  type StateTensor,
  type TrainingBatches,
} from './backend'
import { trainable } from './trainable'

/** Whose tensors and numbers: the optimizer's "optimizer.0.weight.exp_avg", the averages' "averaged.0.weight". */
type Section = 'optimizer' | 'averaged'

/** A net whose parameters are the averages for a while. */
interface AveragedNet {
  /** They are in place. */
  entered(): void
  readonly show: ShowBatch
}

/** What a plain session keeps from step to step: the network's tensors, the optimizer's and the averages. */
export class PlainState {
  private readonly training: RunSpec['training']
  private readonly network: Network
  private readonly optimizer: Optimizer | Lbfgs
  private readonly average: AveragedWeights | null
  private readonly statistics: AveragedStatistics
  private readonly grads: readonly Floats[]

  constructor(spec: RunSpec, network: Network, make: MakeFloats) {
    this.training = spec.training
    this.network = network
    this.grads = network.parameters.map(({ grad }) => grad)
    const parameters = network.parameters.map(trainable)
    this.optimizer =
      spec.optimizer.type === 'LBFGS'
        ? new Lbfgs(spec.optimizer, parameters, make)
        : new Optimizer(spec.optimizer, parameters, make, firstMomentum(spec))
    const { averaging } = spec.training
    this.average =
      averaging === null ? null : new AveragedWeights(averaging, network.parameters, make)
    this.statistics = new AveragedStatistics(network, make)
  }

  /** Throws StateMismatchError where names or shapes differ. */
  setParameters(parameters: ReadonlyMap<string, StateTensor>): void {
    const targets = this.network.parameters.map(targetOf)
    translate(() => {
      checkTensors({ tensors: parameters, numbers: {} }, targets)
    })
    importTensors({ tensors: parameters, numbers: {} }, targets)
  }

  /**
   * One optimizer step on the gradients that are there, with clipping before and the max-norm constraint after it;
   * LBFGS asks `backpropagate` for the loss and the gradients at other points.
   */
  update(lrs: Float64Array, momentum: number | null, backpropagate: () => number): void {
    if (this.optimizer instanceof Lbfgs) {
      this.optimizer.step(lrs[0] ?? 0, () => {
        const loss = backpropagate()
        this.clip()
        return loss
      })
    } else {
      this.clip()
      this.optimizer.step(lrs, momentum)
    }
    this.limitNorms()
    if (this.training.averaging?.type === 'EMA') this.average?.update()
  }

  /** Takes the present parameters into the SWA average. */
  foldAverage(): void {
    this.average?.update()
  }

  /**
   * Does `work` with the averages in the place of the parameters, where there are any. `batches` are for running statistics
   * that are older than the averages.
   */
  withAverage<T>(work: () => T, batches: TrainingBatches | undefined, net: AveragedNet): T {
    const { average, statistics } = this
    if (average === null || average.taken === 0) return work()
    average.swap()
    try {
      net.entered()
      return statistics.during(average.taken, work, batches, net.show)
    } finally {
      average.swap()
    }
  }

  export(): SessionState {
    const sections = this.sections().map(([section, part]) => {
      const { tensors, numbers } = part.exportState()
      return {
        tensors: [...tensors].map(([name, tensor]) => [`${section}.${name}`, tensor] as const),
        numbers: Object.entries(numbers).map(
          ([name, value]) => [`${section}.${name}`, value] as const,
        ),
      }
    })
    return {
      tensors: new Map([
        ...exportTensors(this.modelTargets()),
        ...sections.flatMap(({ tensors }) => tensors),
        ...this.statistics.exportState(this.average?.taken ?? 0),
      ]),
      numbers: Object.fromEntries(sections.flatMap(({ numbers }) => numbers)),
    }
  }

  /** Throws StateMismatchError and changes nothing where the state is that of another model or optimizer. */
  import(state: SessionState): void {
    const before = this.export()
    translate(() => {
      try {
        this.replace(state)
      } catch (error) {
        this.replace(before)
        throw error
      }
    })
  }

  private replace(state: SessionState): void {
    for (const [section, part] of this.sections()) {
      const { tensors, numbers } = sectionOf(state, section)
      const own = [...tensors].filter(([name]) => !this.statistics.has(name))
      part.importState({ tensors: new Map(own), numbers })
    }
    this.statistics.importState(state.tensors, this.average?.taken ?? 0)
    const model = {
      tensors: new Map([...state.tensors].filter(([name]) => /^\d/.test(name))),
      numbers: {},
    }
    const targets = this.modelTargets()
    checkTensors(model, targets)
    importTensors(model, targets)
  }

  private sections(): readonly (readonly [Section, Optimizer | Lbfgs | AveragedWeights])[] {
    const optimizer = ['optimizer', this.optimizer] as const
    return this.average === null ? [optimizer] : [optimizer, ['averaged', this.average]]
  }

  private modelTargets(): readonly StateTarget[] {
    return [...this.network.parameters, ...this.network.buffers].map(targetOf)
  }

  private clip(): void {
    const { clipGradNorm: norm, clipGradValue: limit } = this.training
    if (norm !== null) clipGradNorm(this.grads, norm)
    if (limit !== null) clipGradValue(this.grads, limit)
  }

  private limitNorms(): void {
    const { maxNorm } = this.training
    if (maxNorm === null) return
    for (const { kind, shape, value } of this.network.parameters)
      if (kind === 'weight') limitRowNorms(value, shape[1] ?? value.length, maxNorm)
  }
}

/** The part of a state that belongs to `section`, under the section's own names. */
function sectionOf({ tensors, numbers }: SessionState, section: Section): OptimState {
  const own = <T>(entries: Iterable<readonly [string, T]>) =>
    [...entries]
      .filter(([name]) => name.startsWith(`${section}.`))
      .map(([name, value]) => [name.slice(section.length + 1), value] as const)
  return {
    tensors: new Map(own(tensors)),
    numbers: Object.fromEntries(own(Object.entries(numbers))),
  }
}

function targetOf(tensor: {
  readonly name: string
  readonly shape: readonly number[]
  readonly value: Floats
}): StateTarget {
  return { name: tensor.name, shape: tensor.shape, data: tensor.value }
}

function translate(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (error instanceof OptimStateError)
      throw new StateMismatchError(error.message, { cause: error })
    throw error
  }
}
