import type { Floats } from '#core/tensor/floats'

/**
 * torch.nn.utils.clip_grad_norm_: scales all gradients by min(1, maxNorm / (norm + 1e-6)), norm being their joint 2-norm. Returns the
 * norm before clipping.
 */
export function clipGradNorm(grads: readonly Floats[], maxNorm: number): number {
  let sum = 0
  for (const grad of grads) for (const g of grad) sum += g * g
  const norm = Math.sqrt(sum)
  const factor = Math.min(1, maxNorm / (norm + 1e-6))
  if (factor === 1) return norm
  for (const grad of grads) {
    for (let i = 0; i < grad.length; i++) grad[i] = (grad[i] as number) * factor
  }
  return norm
}

/** torch.nn.utils.clip_grad_value_: clamps every element to [-limit, limit]. */
export function clipGradValue(grads: readonly Floats[], limit: number): void {
  for (const grad of grads) {
    for (let i = 0; i < grad.length; i++) {
      grad[i] = Math.min(Math.max(grad[i] as number, -limit), limit)
    }
  }
}
