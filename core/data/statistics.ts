import type { ImageSet } from './dataset'

export interface DatasetStatistics {
  /** Of all pixels, grey levels scaled to 0..1. */
  readonly mean: number
  /** Population standard deviation of the same. */
  readonly std: number
  /** Share of pixels that are exactly 0. */
  readonly zeroShare: number
  /** [classes] images of each class. */
  readonly classCounts: readonly number[]
}

/** Exact: from a histogram of the 256 grey levels. */
export function statisticsOf({ images, labels, classes }: ImageSet): DatasetStatistics {
  const histogram = histogramOf(images)
  let sum = 0
  let squares = 0
  histogram.forEach((pixels, level) => {
    sum += pixels * level
    squares += pixels * level * level
  })
  const mean = sum / images.length
  const classCounts = new Array<number>(classes).fill(0)
  for (const label of labels) classCounts[label] = (classCounts[label] ?? 0) + 1
  return {
    mean: mean / 255,
    std: Math.sqrt(Math.max(0, squares / images.length - mean * mean)) / 255,
    zeroShare: (histogram[0] ?? 0) / images.length,
    classCounts,
  }
}

/** [256] pixels of each grey level. */
function histogramOf(images: Uint8Array): Float64Array {
  const histogram = new Float64Array(256)
  for (let i = 0; i < images.length; i++) {
    const level = images[i] as number
    histogram[level] = (histogram[level] as number) + 1
  }
  return histogram
}
