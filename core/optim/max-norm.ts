import type { Floats } from '#core/tensor/floats'

/**
 * Keeps the incoming weights of each unit (a row of weight [out, in]) within a ball: a row whose 2-norm exceeds the limit is scaled by
 * limit / (norm + 1e-7), as torch.renorm does. Applied after each optimizer step, to weight matrices only.
 */
export function limitRowNorms(weight: Floats, inFeatures: number, limit: number): void {
  for (let start = 0; start < weight.length; start += inFeatures) {
    let sum = 0
    for (let i = start; i < start + inFeatures; i++) sum += (weight[i] as number) ** 2
    const norm = Math.sqrt(sum)
    if (norm <= limit) continue
    const factor = limit / (norm + 1e-7)
    for (let i = start; i < start + inFeatures; i++) weight[i] = (weight[i] as number) * factor
  }
}
