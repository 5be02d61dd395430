import type { Network } from '#core/nn/network'
import { Lbfgs } from '#core/optim/lbfgs'
import { Optimizer } from '#core/optim/optimizer'
import {
  checkTensors,
  exportTensors,
  importTensors,
  OptimStateError,
  type StateTarget,
} from '#core/optim/state'
import type { RunSpec } from '#core/spec/run-spec'
import type { Floats, MakeFloats } from '#core/tensor/floats'
import { firstMomentum } from './first-momentum'
import { StateMismatchError, type SessionState, type StateTensor } from './backend'
import { trainable } from './trainable'

const OPTIMIZER = 'optimizer.'

/** What a plain session keeps from step to step: the network's tensors and the optimizer's. */
export class PlainState {
  private readonly network: Network
  private readonly optimizer: Optimizer | Lbfgs

  constructor(spec: RunSpec, network: Network, make: MakeFloats) {
    this.network = network
    const parameters = network.parameters.map(trainable)
    this.optimizer =
      spec.optimizer.type === 'LBFGS'
        ? new Lbfgs(spec.optimizer, parameters, make)
        : new Optimizer(spec.optimizer, parameters, make, firstMomentum(spec))
  }

  /** Throws StateMismatchError where names or shapes differ. */
  setParameters(parameters: ReadonlyMap<string, StateTensor>): void {
    const targets = this.network.parameters.map(targetOf)
    translate(() => {
      checkTensors({ tensors: parameters, numbers: {} }, targets)
    })
    importTensors({ tensors: parameters, numbers: {} }, targets)
  }

  /** One optimizer step on the gradients that are there; LBFGS asks `closure` for more. */
  update(lrs: Float64Array, momentum: number | null, closure: () => number): void {
    if (this.optimizer instanceof Lbfgs) this.optimizer.step(lrs[0] ?? 0, closure)
    else this.optimizer.step(lrs, momentum)
  }

  foldAverage(): void {
    throw new Error('not yet')
  }

  withAverage<T>(work: () => T): T {
    return work()
  }

  export(): SessionState {
    const { tensors, numbers } = this.optimizer.exportState()
    return {
      tensors: new Map([
        ...exportTensors(this.modelTargets()),
        ...[...tensors].map(([name, tensor]) => [OPTIMIZER + name, tensor] as const),
      ]) as ReadonlyMap<string, StateTensor>,
      numbers: withPrefix(OPTIMIZER, numbers),
    }
  }

  /** Throws StateMismatchError and changes nothing where the state is that of another model or optimizer. */
  import({ tensors, numbers }: SessionState): void {
    const targets = this.modelTargets()
    const model = {
      tensors: new Map([...tensors].filter(([name]) => !name.startsWith(OPTIMIZER))),
      numbers: {},
    }
    const optimizer = new Map(
      [...tensors]
        .filter(([name]) => name.startsWith(OPTIMIZER))
        .map(([name, tensor]) => [name.slice(OPTIMIZER.length), tensor] as const),
    )
    translate(() => {
      checkTensors(model, targets)
      this.optimizer.importState({ tensors: optimizer, numbers: withoutPrefix(OPTIMIZER, numbers) })
    })
    importTensors(model, targets)
  }

  private modelTargets(): readonly StateTarget[] {
    return [...this.network.parameters, ...this.network.buffers].map(targetOf)
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

function withPrefix(prefix: string, numbers: Readonly<Record<string, number>>) {
  return Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [prefix + name, value] as const),
  )
}

function withoutPrefix(prefix: string, numbers: Readonly<Record<string, number>>) {
  return Object.fromEntries(
    Object.entries(numbers)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value] as const),
  )
}
