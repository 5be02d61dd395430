import { ShapeError } from '../shape-error'

/** Checks that there is one weight for each class; null stands for all ones. */
export function classWeights(
  weights: readonly number[] | null,
  classes: number,
  name: string,
): Float64Array | null {
  if (weights === null) return null
  if (weights.length !== classes)
    throw new ShapeError(`${name} expects ${classes} numbers, one a class, got ${weights.length}`)
  return Float64Array.from(weights)
}
