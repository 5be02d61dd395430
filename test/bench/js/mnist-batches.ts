import type { StandardNet } from '../../../electron/bench/standard-nets'
import type { Batch } from './rival'

/** Enough for eight batches of 512; the rivals go round in them, and are spared what shuffling costs. */
const IMAGES = 4096
const PIXELS = 784
const IMAGE_HEADER = 16
const LABEL_HEADER = 8
const MEAN = 0.1307
const DEVIATION = 0.3081

export const FILES = { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' }

/** @param images, labels IDX files as they are, unpacked */
export function mnistBatches(
  images: Uint8Array,
  labels: Uint8Array,
  { batch }: StandardNet,
): readonly Batch[] {
  return Array.from({ length: Math.floor(IMAGES / batch) }, (_, i) => {
    const rows = (bytes: Uint8Array, header: number, size: number) =>
      bytes.subarray(header + i * batch * size, header + (i + 1) * batch * size)
    return {
      inputs: Float32Array.from(
        rows(images, IMAGE_HEADER, PIXELS),
        (pixel) => (pixel / 255 - MEAN) / DEVIATION,
      ),
      labels: Int32Array.from(rows(labels, LABEL_HEADER, 1)),
    }
  })
}
