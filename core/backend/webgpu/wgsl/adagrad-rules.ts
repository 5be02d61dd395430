import type { OptimizerSpecOf } from '#core/spec/optimizers'
import { lerp, penalize, type Recipe, zeros } from './recipe'

export function adagrad(spec: OptimizerSpecOf<'Adagrad'>): Recipe {
  return {
    slots: [{ name: 'sum', initial: spec.initialAccumulatorValue }],
    scalars: ['rate', 'eps', 'decay'],
    scalarsAt: ({ lr, weightDecay, step }) => [
      lr / (1 + (step - 1) * spec.lrDecay),
      spec.eps,
      weightDecay,
    ],
    body: `
  ${penalize}
  s.sum += g * g;
  s.value -= scalars.rate * g / (sqrt(s.sum) + scalars.eps);`,
  }
}

export function adadelta(spec: OptimizerSpecOf<'Adadelta'>): Recipe {
  return {
    slots: zeros('square_avg', 'acc_delta'),
    scalars: ['rate', 'keep', 'take', 'eps', 'decay'],
    scalarsAt: ({ lr, weightDecay }) => [lr, spec.rho, 1 - spec.rho, spec.eps, weightDecay],
    body: `
  ${penalize}
  s.square_avg = s.square_avg * scalars.keep + scalars.take * g * g;
  let delta = sqrt(s.acc_delta + scalars.eps) / sqrt(s.square_avg + scalars.eps) * g;
  s.acc_delta = s.acc_delta * scalars.keep + scalars.take * delta * delta;
  s.value -= scalars.rate * delta;`,
  }
}

/** Centered, the variance is at least 0: in float32 the difference of nearly equal numbers may fall below it. */
export function rmsprop(spec: OptimizerSpecOf<'RMSprop'>): Recipe {
  const buffered = spec.momentum > 0
  const names = ['square_avg']
  if (buffered) names.push('momentum_buffer')
  if (spec.centered) names.push('grad_avg')
  const center = `
  s.grad_avg = lerpFromNearer(s.grad_avg, g, scalars.take);
  variance = max(variance - s.grad_avg * s.grad_avg, 0.0);`
  const accumulate = `
  if (scalars.momentum > 0) {
    s.momentum_buffer = s.momentum_buffer * scalars.momentum + direction;
    direction = s.momentum_buffer;
  }`
  return {
    slots: zeros(...names),
    scalars: ['rate', 'keep', 'take', 'eps', 'momentum', 'decay'],
    scalarsAt: ({ lr, weightDecay, momentum }) => [
      lr,
      spec.alpha,
      1 - spec.alpha,
      spec.eps,
      momentum ?? spec.momentum,
      weightDecay,
    ],
    uses: [lerp],
    body: `
  ${penalize}
  s.square_avg = s.square_avg * scalars.keep + scalars.take * g * g;
  var variance = s.square_avg;${spec.centered ? center : ''}
  var direction = g / (sqrt(variance) + scalars.eps);${buffered ? accumulate : ''}
  s.value -= scalars.rate * direction;`,
  }
}
