import type { Dataset, ImageSet } from '#core/data/dataset'

/** The engine thread is sent no more images than it needs; the test set is not asked for. */
export function firstImages(dataset: Dataset, count: number): Dataset {
  return { ...dataset, train: cut(dataset.train, count), test: cut(dataset.test, 10) }
}

function cut(set: ImageSet, count: number): ImageSet {
  if (count >= set.count) return set
  const images = set.images.slice(0, count * set.rows * set.cols)
  return { ...set, images, labels: set.labels.slice(0, count), count }
}
