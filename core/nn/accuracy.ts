import type { Floats } from '#core/tensor/floats'

/** Column of the largest of `width` values from `start`; the first of equals, as torch.argmax. */
export function argmax(values: Floats, start: number, width: number): number {
  let best = 0
  for (let c = 1; c < width; c++)
    if ((values[start + c] as number) > (values[start + best] as number)) best = c
  return best
}

/** How many of n rows of output [n, classes] have their largest value at their label. */
export function countHits(
  output: Floats,
  labels: Uint8Array | Int32Array,
  n: number,
  classes: number,
): number {
  let hits = 0
  for (let row = 0; row < n; row++)
    if (argmax(output, row * classes, classes) === labels[row]) hits++
  return hits
}
