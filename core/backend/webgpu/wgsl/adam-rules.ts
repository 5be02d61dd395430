import type { OptimizerSpecOf } from '#core/spec/optimizers'
import { lerp, penalize, type Recipe, shrink, zeros } from './recipe'

const moments = `
  s.exp_avg = lerpFromNearer(s.exp_avg, g, scalars.fresh);
  s.exp_avg_sq = s.exp_avg_sq * scalars.keep + scalars.take * g * g;`

export function adam(spec: OptimizerSpecOf<'Adam'> | OptimizerSpecOf<'AdamW'>): Recipe {
  const decoupled = spec.type === 'AdamW' || spec.decoupledWeightDecay
  return {
    slots: zeros('exp_avg', 'exp_avg_sq', ...(spec.amsgrad ? ['max_exp_avg_sq'] : [])),
    scalars: ['stepSize', 'fresh', 'keep', 'take', 'correction', 'eps', 'decay'],
    scalarsAt: ({ lr, weightDecay, momentum, step }) => {
      const beta1 = momentum ?? spec.betas[0]
      const beta2 = spec.betas[1]
      return [
        lr / (1 - beta1 ** step),
        1 - beta1,
        beta2,
        1 - beta2,
        1 / Math.sqrt(1 - beta2 ** step),
        spec.eps,
        decoupled ? 1 - lr * weightDecay : weightDecay,
      ]
    },
    uses: [lerp],
    body: `
  ${decoupled ? shrink : penalize}${moments}${spec.amsgrad ? '\n  s.max_exp_avg_sq = max(s.max_exp_avg_sq, s.exp_avg_sq);' : ''}
  let second = ${spec.amsgrad ? 's.max_exp_avg_sq' : 's.exp_avg_sq'};
  s.value -= scalars.stepSize * s.exp_avg / (sqrt(second) * scalars.correction + scalars.eps);`,
  }
}

export function nadam(spec: OptimizerSpecOf<'NAdam'>): Recipe {
  const decoupled = spec.decoupledWeightDecay
  return {
    slots: zeros('exp_avg', 'exp_avg_sq'),
    scalars: ['ofGradient', 'ofMoment', 'fresh', 'keep', 'take', 'correction', 'eps', 'decay'],
    scalarsAt: ({ lr, weightDecay, momentum, step, numbers }) => {
      const beta1 = momentum ?? spec.betas[0]
      const beta2 = spec.betas[1]
      const mu = beta1 * (1 - 0.5 * 0.96 ** (step * spec.momentumDecay))
      const muNext = beta1 * (1 - 0.5 * 0.96 ** ((step + 1) * spec.momentumDecay))
      const product = Math.fround((step === 1 ? 1 : (numbers['mu_product'] ?? 1)) * mu)
      numbers['mu_product'] = product
      return [
        (lr * (1 - mu)) / (1 - product),
        (lr * muNext) / (1 - product * muNext),
        1 - beta1,
        beta2,
        1 - beta2,
        1 / Math.sqrt(1 - beta2 ** step),
        spec.eps,
        decoupled ? 1 - lr * weightDecay : weightDecay,
      ]
    },
    uses: [lerp],
    body: `
  ${decoupled ? shrink : penalize}${moments}
  let denominator = sqrt(s.exp_avg_sq) * scalars.correction + scalars.eps;
  s.value -= scalars.ofGradient * g / denominator;
  s.value -= scalars.ofMoment * s.exp_avg / denominator;`,
  }
}

export function radam(spec: OptimizerSpecOf<'RAdam'>): Recipe {
  const decoupled = spec.decoupledWeightDecay
  return {
    slots: zeros('exp_avg', 'exp_avg_sq'),
    scalars: ['stepSize', 'adaptive', 'fresh', 'keep', 'take', 'eps', 'decay'],
    scalarsAt: ({ lr, weightDecay, momentum, step }) => {
      const beta1 = momentum ?? spec.betas[0]
      const beta2 = spec.betas[1]
      const correction2 = 1 - beta2 ** step
      const rhoInf = 2 / (1 - beta2) - 1
      const rho = rhoInf - (2 * step * beta2 ** step) / correction2
      const adaptive = rho > 5
      const rectification = Math.sqrt(
        ((rho - 4) * (rho - 2) * rhoInf) / ((rhoInf - 4) * (rhoInf - 2) * rho),
      )
      return [
        (lr / (1 - beta1 ** step)) * (adaptive ? Math.sqrt(correction2) * rectification : 1),
        Number(adaptive),
        1 - beta1,
        beta2,
        1 - beta2,
        spec.eps,
        decoupled ? 1 - lr * weightDecay : weightDecay,
      ]
    },
    uses: [lerp],
    body: `
  ${decoupled ? shrink : penalize}${moments}
  let denominator = select(1.0, sqrt(s.exp_avg_sq) + scalars.eps, scalars.adaptive != 0);
  s.value -= scalars.stepSize * s.exp_avg / denominator;`,
  }
}

export function adamax(spec: OptimizerSpecOf<'Adamax'>): Recipe {
  return {
    slots: zeros('exp_avg', 'exp_inf'),
    scalars: ['stepSize', 'fresh', 'keep', 'eps', 'decay'],
    scalarsAt: ({ lr, weightDecay, momentum, step }) => {
      const beta1 = momentum ?? spec.betas[0]
      return [lr / (1 - beta1 ** step), 1 - beta1, spec.betas[1], spec.eps, weightDecay]
    },
    uses: [lerp],
    body: `
  ${penalize}
  s.exp_avg = lerpFromNearer(s.exp_avg, g, scalars.fresh);
  s.exp_inf = max(s.exp_inf * scalars.keep, abs(g) + scalars.eps);
  s.value -= scalars.stepSize * s.exp_avg / s.exp_inf;`,
  }
}
