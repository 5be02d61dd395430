export interface Point {
  readonly x: number
  readonly y: number
}

/**
 * At most two points for each of `buckets` stretches of x: its lowest and its highest, in order, so that no spike is
 * lost. xs must ascend; values that are not finite are left out.
 */
export function decimate(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  length: number,
  buckets: number,
): Point[] {
  const points: Point[] = []
  if (length === 0) return points
  if (length <= buckets * 2) {
    for (let i = 0; i < length; i++) push(points, xs[i], ys[i])
    return points
  }
  const first = xs[0] ?? 0
  const scale = buckets / ((xs[length - 1] ?? 0) - first || 1)
  let bucket = 0
  let low = -1
  let high = -1
  const flush = () => {
    if (low < 0) return
    push(points, xs[Math.min(low, high)], ys[Math.min(low, high)])
    if (low !== high) push(points, xs[Math.max(low, high)], ys[Math.max(low, high)])
  }
  for (let i = 0; i < length; i++) {
    const y = ys[i] ?? Number.NaN
    if (!Number.isFinite(y)) continue
    const at = Math.min(buckets - 1, Math.floor(((xs[i] ?? 0) - first) * scale))
    if (at !== bucket) {
      flush()
      bucket = at
      low = -1
      high = -1
    }
    if (low < 0 || y < (ys[low] ?? 0)) low = i
    if (high < 0 || y > (ys[high] ?? 0)) high = i
  }
  flush()
  return points
}

function push(points: Point[], x: number | undefined, y: number | undefined): void {
  if (x !== undefined && y !== undefined && Number.isFinite(y)) points.push({ x, y })
}
