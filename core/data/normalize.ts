import type { Floats, MakeFloats } from '#core/tensor/floats'

/** (pixel / 255 - mean) / std, as torchvision's ToTensor and Normalize. */
export interface Normalization {
  readonly mean: number
  readonly std: number
}

/**
 * [256] the value of every grey level. In float32 each operation is rounded as torch rounds it, so the inputs of the
 * first layer equal torch's bit for bit.
 */
export function normalizationTable({ mean, std }: Normalization, make: MakeFloats): Floats {
  const table = make(256)
  const round = table instanceof Float32Array ? Math.fround : (value: number) => value
  for (let level = 0; level < 256; level++)
    table[level] = round(round(round(level / 255) - round(mean)) / round(std))
  return table
}
