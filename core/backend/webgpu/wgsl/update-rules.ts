/*
 * The optimizers that treat each element by itself: core/optim's definitions as WGSL. Scalars are made in float64 and rounded once;
 * those that torch keeps from step to step (NAdam's mu_product, ASGD's eta and mu) are float32 numbers, as in torch.
 */
import { withMomentum } from '#core/optim/momentum'
import type { ElementwiseSpec, OptimizerSpecOf } from '#core/spec/optimizers'
import { adadelta, adagrad, rmsprop } from './adagrad-rules'
import { adam, adamax, nadam, radam } from './adam-rules'
import { penalize, type Recipe, shrink, zeros } from './recipe'
import type { UpdateRule } from './update-rule'

/** Adafactor looks at a whole parameter: adafactor.ts. */
export type PerElementSpec = Exclude<ElementwiseSpec, { type: 'Adafactor' }>

/**
 * The rule of an optimizer, as functions and structs whose names begin with `name`. `firstMomentum` as for
 * `Optimizer`: it decides whether there are momentum buffers.
 */
export function updateRule(
  spec: PerElementSpec,
  firstMomentum: number | null,
  name: string,
): UpdateRule {
  const { slots, scalars, scalarsAt, body, uses } = recipeOf(
    firstMomentum === null ? spec : withMomentum(spec, firstMomentum),
  )
  const fields = (names: readonly string[]) => names.map((field) => `  ${field}: f32,\n`).join('')
  return {
    slots,
    scalars,
    scalarsAt,
    ...(uses === undefined ? {} : { uses }),
    code: `
struct ${name}State {
  value: f32,
${fields(slots.map((slot) => slot.name))}}
struct ${name}Scalars {
${fields(scalars)}}
fn ${name}(state: ${name}State, gradient: f32, scalars: ${name}Scalars) -> ${name}State {
  var s = state;
  var g = ${spec.maximize ? '-gradient' : 'gradient'};${body}
  return s;
}
`,
  }
}

function recipeOf(spec: PerElementSpec): Recipe {
  switch (spec.type) {
    case 'SGD':
      return sgd(spec)
    case 'Adam':
    case 'AdamW':
      return adam(spec)
    case 'NAdam':
      return nadam(spec)
    case 'RAdam':
      return radam(spec)
    case 'Adamax':
      return adamax(spec)
    case 'Adagrad':
      return adagrad(spec)
    case 'Adadelta':
      return adadelta(spec)
    case 'RMSprop':
      return rmsprop(spec)
    case 'Rprop':
      return rprop(spec)
    case 'ASGD':
      return asgd(spec)
    case 'Lion':
      return lion(spec)
  }
}

function sgd(spec: OptimizerSpecOf<'SGD'>): Recipe {
  const buffered = spec.momentum !== 0
  const accumulate = `
  if (scalars.momentum != 0) {
    s.momentum_buffer = scalars.keep * s.momentum_buffer + scalars.take * g;
    g = ${spec.nesterov ? 'g + scalars.momentum * s.momentum_buffer' : 's.momentum_buffer'};
  }`
  return {
    slots: buffered ? zeros('momentum_buffer') : [],
    scalars: ['rate', 'momentum', 'keep', 'take', 'decay'],
    scalarsAt: ({ lr, weightDecay, momentum, step }) => {
      const keep = momentum ?? spec.momentum
      return [lr, keep, step === 1 ? 0 : keep, step === 1 ? 1 : 1 - spec.dampening, weightDecay]
    },
    body: `
  ${penalize}${buffered ? accumulate : ''}
  s.value -= scalars.rate * g;`,
  }
}

/** `first`: the step size that all elements begin with, at step 1; afterwards -1. */
function rprop(spec: OptimizerSpecOf<'Rprop'>): Recipe {
  return {
    slots: [...zeros('prev'), { name: 'step_size', initial: spec.lr }],
    scalars: ['first', 'shrink', 'grow', 'smallest', 'largest'],
    scalarsAt: ({ lr, step }) => [step === 1 ? lr : -1, ...spec.etas, ...spec.stepSizes],
    body: `
  let agreement = g * s.prev;
  let factor = select(select(1.0, scalars.shrink, agreement < 0), scalars.grow, agreement > 0);
  let before = select(s.step_size, scalars.first, scalars.first >= 0);
  s.step_size = min(max(before * factor, scalars.smallest), scalars.largest);
  g = select(g, 0.0, agreement < 0);
  s.value -= sign(g) * s.step_size;
  s.prev = g;`,
  }
}

function asgd(spec: OptimizerSpecOf<'ASGD'>): Recipe {
  return {
    slots: zeros('ax'),
    scalars: ['eta', 'mu', 'shrink', 'decay'],
    scalarsAt: ({ lr, weightDecay, step, numbers }) => {
      const eta = step === 1 ? Math.fround(lr) : (numbers['eta'] ?? lr)
      const mu = step === 1 ? 1 : (numbers['mu'] ?? 1)
      numbers['eta'] = Math.fround(lr / (1 + spec.lambd * lr * step) ** spec.alpha)
      numbers['mu'] = Math.fround(1 / Math.max(1, step - spec.t0))
      return [eta, mu, 1 - spec.lambd * eta, weightDecay]
    },
    body: `
  ${penalize}
  s.value = s.value * scalars.shrink - scalars.eta * g;
  s.ax = select(s.ax + (s.value - s.ax) * scalars.mu, s.value, scalars.mu == 1);`,
  }
}

function lion(spec: OptimizerSpecOf<'Lion'>): Recipe {
  return {
    slots: zeros('exp_avg'),
    scalars: ['rate', 'keep1', 'take1', 'keep2', 'take2', 'decay'],
    scalarsAt: ({ lr, weightDecay, momentum }) => {
      const beta1 = momentum ?? spec.betas[0]
      const beta2 = spec.betas[1]
      return [lr, beta1, 1 - beta1, beta2, 1 - beta2, 1 - lr * weightDecay]
    },
    body: `
  ${shrink}
  s.value -= scalars.rate * sign(scalars.keep1 * s.exp_avg + scalars.take1 * g);
  s.exp_avg = scalars.keep2 * s.exp_avg + scalars.take2 * g;`,
  }
}
