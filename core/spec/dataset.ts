import { z } from 'zod'
import { above, atLeast, between, finite, wholeFrom } from './numeric-fields'
import { problemTexts } from './problem-texts'

const MNIST_TRAIN = 60_000

/** What torchvision's Normalize is given for MNIST: (pixel / 255 - mean) / std. */
const normalizeSchema = z.strictObject({
  mean: finite().default(0.1307),
  std: above(0).default(0.3081),
})

/**
 * Elastic distortion (Simard, Steinkraus & Platt 2003): every pixel is displaced by noise in [-1, 1] that was smoothed
 * with a Gaussian of `sigma` pixels (a kernel of sum 1) and multiplied by `alpha` pixels. Simard used 34 and 4.
 */
const elasticSchema = z.strictObject({
  alpha: atLeast(0).default(34),
  sigma: between(1, 10).default(4),
})

/** Largest distortions of a training image; each is drawn anew, uniformly up to its bound, in every epoch. */
export const augmentSchema = z.strictObject({
  /** Pixels, across and down. */
  shift: between(0, 14).default(0),
  /** Degrees, either way. */
  rotate: between(0, 180).default(0),
  /** Fraction: 0.1 scales width and height, each for itself, by 0.9 to 1.1. */
  scale: between(0, 0.9).default(0),
  /** Degrees by which upright strokes lean, either way. */
  shear: between(0, 60).default(0),
  elastic: elasticSchema.nullable().default(null),
})

/** Which images a run sees: the first `trainSize`, `valSize` of them split off as random_split does. */
export const datasetSchema = z
  .strictObject({
    name: z.literal('mnist', { error: 'must be "mnist"' }).default('mnist'),
    trainSize: wholeFrom(1, MNIST_TRAIN).default(MNIST_TRAIN),
    valSize: wholeFrom(0).default(0),
    normalize: normalizeSchema.prefault({}),
    augment: augmentSchema.nullable().default(null),
  })
  .refine(({ trainSize, valSize }) => valSize < trainSize, {
    path: ['valSize'],
    error: problemTexts.valSize,
  })

export type NormalizeSpec = z.output<typeof normalizeSchema>
export type AugmentSpec = z.output<typeof augmentSchema>
