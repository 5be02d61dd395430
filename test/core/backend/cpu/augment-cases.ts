import type { ImageSet } from '#core/data/dataset'
import type { AugmentSpec } from '#core/spec/dataset'

const affine: AugmentSpec = { shift: 2, rotate: 15, scale: 0.15, shear: 10, elastic: null }

/** Distortions that the kernels must make as the plain definition does, usual and extreme ones. */
export const augmentSpecs: readonly (readonly [string, AugmentSpec])[] = [
  ['no distortion', { shift: 0, rotate: 0, scale: 0, shear: 0, elastic: null }],
  ['an affine map', affine],
  [
    'a map that leaves the picture',
    { shift: 14, rotate: 180, scale: 0.9, shear: 60, elastic: null },
  ],
  ...[1, 2, 4, 10].map(
    (sigma) =>
      [`elastic distortion, sigma ${sigma}`, { ...affine, elastic: { alpha: 34, sigma } }] as const,
  ),
  ['a field beyond all bounds', { ...affine, elastic: { alpha: 1e9, sigma: 4 } }],
  ['no field', { ...affine, elastic: { alpha: 0, sigma: 4 } }],
]

export function noise(rows: number, cols: number): ImageSet {
  const count = 100
  const images = Uint8Array.from(
    { length: count * rows * cols },
    (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 24,
  )
  return { images, labels: new Uint8Array(count), count, rows, cols, classes: 10 }
}
