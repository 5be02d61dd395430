import type { StepwiseSpec } from '#core/spec/optimizers'
import type { Floats, MakeFloats } from '#core/tensor/floats'
import { adadelta } from './adadelta'
import { adafactor } from './adafactor'
import { adagrad } from './adagrad'
import { adam } from './adam'
import { adamax } from './adamax'
import { adamW } from './adamw'
import { asgd } from './asgd'
import type { OptimizerDefinition, Slot, Update } from './definition'
import { lion } from './lion'
import { muon, muonWorkspace } from './muon'
import { nadam } from './nadam'
import type { Parameter } from './parameter'
import { radam } from './radam'
import { rmsprop } from './rmsprop'
import { rprop } from './rprop'
import { sgd } from './sgd'

/** An optimizer at work on one parameter. */
export interface ParameterUpdate {
  readonly slots: readonly { readonly description: Slot; readonly data: Floats }[]
  readonly scalars: Record<string, number>
  step(lr: number, weightDecay: number, momentum: number | null, step: number): void
}

/** Gives a parameter its optimizer, with fresh state. */
export function bind(spec: StepwiseSpec, parameter: Parameter, make: MakeFloats): ParameterUpdate {
  switch (spec.type) {
    case 'SGD':
      return updateOf(sgd, spec, null, parameter, make)
    case 'Adam':
      return updateOf(adam, spec, null, parameter, make)
    case 'AdamW':
      return updateOf(adamW, spec, null, parameter, make)
    case 'NAdam':
      return updateOf(nadam, spec, null, parameter, make)
    case 'RAdam':
      return updateOf(radam, spec, null, parameter, make)
    case 'Adamax':
      return updateOf(adamax, spec, null, parameter, make)
    case 'Adagrad':
      return updateOf(adagrad, spec, null, parameter, make)
    case 'Adadelta':
      return updateOf(adadelta, spec, null, parameter, make)
    case 'RMSprop':
      return updateOf(rmsprop, spec, null, parameter, make)
    case 'Rprop':
      return updateOf(rprop, spec, null, parameter, make)
    case 'ASGD':
      return updateOf(asgd, spec, null, parameter, make)
    case 'Adafactor':
      return updateOf(adafactor, spec, null, parameter, make)
    case 'Lion':
      return updateOf(lion, spec, null, parameter, make)
    case 'Muon':
      return updateOf(muon, spec, muonWorkspace(parameter.shape), parameter, make)
  }
}

function updateOf<S, K extends readonly (Floats | undefined)[], W>(
  definition: OptimizerDefinition<S, K, W>,
  spec: S,
  workspace: W,
  { shape, value, grad }: Parameter,
  make: MakeFloats,
): ParameterUpdate {
  const slots = definition.slots(spec, shape).map((description) => ({
    description,
    data: make(sizeOf(description.shape)).fill(description.initial),
  }))
  const scalars: Record<string, number> = {}
  // K is by definition the tuple that slots() describes.
  const data = slots.map((slot) => slot.data) as readonly Floats[] as K
  const at: Mutable<Update<K, W>> = {
    shape,
    value,
    grad,
    slots: data,
    workspace,
    scalars,
    lr: 0,
    weightDecay: 0,
    momentum: null,
    step: 0,
  }
  return {
    slots,
    scalars,
    step(lr, weightDecay, momentum, step) {
      at.lr = lr
      at.weightDecay = weightDecay
      at.momentum = momentum
      at.step = step
      definition.update(spec, at)
    },
  }
}

type Mutable<T> = { -readonly [P in keyof T]: T[P] }

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}
