import type { OptimizerSpec } from '#core/spec/optimizers'

/**
 * What OneCycleLR and CyclicLR would move: momentum, or beta1 where the optimizer has betas. null where it has neither;
 * torch refuses to cycle the momentum of such an optimizer.
 */
export function baseMomentumOf(spec: OptimizerSpec): number | null {
  if ('betas' in spec) return spec.betas[0]
  return 'momentum' in spec ? spec.momentum : null
}

/** The spec with that number replaced; unchanged where there is none. */
export function withMomentum<S extends OptimizerSpec>(spec: S, momentum: number): S {
  if ('betas' in spec) return { ...spec, betas: [momentum, spec.betas[1]] }
  return 'momentum' in spec ? { ...spec, momentum } : spec
}
