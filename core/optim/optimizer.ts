import type { StepwiseSpec } from '#core/spec/optimizers'
import type { MakeFloats } from '#core/tensor/floats'
import { bind, type ParameterUpdate } from './bind'
import { withMomentum } from './momentum'
import type { Parameter } from './parameter'
import { parameterGroups } from './parameter-groups'
import {
  checkTensors,
  exportTensors,
  importTensors,
  OptimStateError,
  type OptimState,
  type StateTarget,
} from './state'

interface Member {
  readonly name: string
  readonly group: number
  readonly weightDecay: number
  readonly update: ParameterUpdate
}

/** Any optimizer but LBFGS (lbfgs.ts), over parameters that it changes in place. */
export class Optimizer {
  /** Rate of each parameter group before any scheduler. */
  readonly baseLrs: readonly number[]
  readonly #members: readonly Member[]
  #steps = 0

  /**
   * firstMomentum: what the scheduler puts in the place of momentum at the first step, or null where it leaves it alone. It decides,
   * as in torch, whether there are momentum buffers.
   */
  constructor(
    spec: StepwiseSpec,
    parameters: readonly Parameter[],
    make: MakeFloats,
    firstMomentum: number | null = null,
  ) {
    const groups = parameterGroups(spec, parameters)
    this.baseLrs = groups.map((group) => group.lr)
    this.#members = groups.flatMap((group, index) =>
      group.parameters.map((parameter) => ({
        name: parameter.name,
        group: index,
        weightDecay: group.weightDecay,
        update: bind(
          firstMomentum === null ? group.spec : withMomentum(group.spec, firstMomentum),
          parameter,
          make,
        ),
      })),
    )
  }

  /** Steps taken so far. */
  get steps(): number {
    return this.#steps
  }

  /** One step: reads every gradient, changes every value. lrs: one rate per parameter group. */
  step(lrs: ArrayLike<number>, momentum: number | null = null): void {
    if (lrs.length !== this.baseLrs.length) {
      throw new RangeError(`expected ${this.baseLrs.length} rates, one a group, got ${lrs.length}`)
    }
    this.#steps += 1
    for (const member of this.#members) {
      member.update.step(lrs[member.group] ?? 0, member.weightDecay, momentum, this.#steps)
    }
  }

  /** Tensors "0.weight.exp_avg", numbers "step" and, where torch keeps a scalar, "0.weight.mu_product". */
  exportState(): OptimState {
    const numbers: Record<string, number> = { step: this.#steps }
    for (const { name, update } of this.#members) {
      for (const [scalar, value] of Object.entries(update.scalars)) {
        numbers[`${name}.${scalar}`] = value
      }
    }
    return { tensors: exportTensors(this.#targets()), numbers }
  }

  /** Throws OptimStateError, and changes nothing, where the state is that of another optimizer or model. */
  importState(state: OptimState): void {
    const targets = this.#targets()
    checkTensors(state, targets)
    const steps = state.numbers['step']
    if (steps === undefined) throw new OptimStateError('the state lacks the number "step"')
    importTensors(state, targets)
    this.#steps = steps
    for (const { name, update } of this.#members) importScalars(state.numbers, name, update.scalars)
  }

  #targets(): StateTarget[] {
    return this.#members.flatMap(({ name, update }) =>
      update.slots.map(({ description, data }) => ({
        name: `${name}.${description.name}`,
        shape: description.shape,
        data,
      })),
    )
  }
}

function importScalars(
  numbers: OptimState['numbers'],
  parameter: string,
  scalars: Record<string, number>,
): void {
  const prefix = `${parameter}.`
  for (const [name, value] of Object.entries(numbers)) {
    if (name.startsWith(prefix)) scalars[name.slice(prefix.length)] = value
  }
}
