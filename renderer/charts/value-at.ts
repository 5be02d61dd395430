import type { Point } from './thinning'

/** Index of the last of the ascending `xs` that is not beyond x (or the first); -1 where there is none. */
export function indexAt(xs: ArrayLike<number>, length: number, x: number): number {
  if (length === 0) return -1
  let low = 0
  let high = length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((xs[middle] ?? Infinity) <= x) low = middle
    else high = middle - 1
  }
  return low
}

/** The point of `points` nearest to x. */
export function nearest(points: readonly Point[], x: number): Point | null {
  let best: Point | null = null
  for (const point of points)
    if (best === null || Math.abs(point.x - x) < Math.abs(best.x - x)) best = point
  return best
}
