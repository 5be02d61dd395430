import type { Dataset, ImageSet } from '#core/data/dataset'
import type { Arena } from './arena'
import type { Distortion } from './distortion'
import type { PixelLists } from './input-images'
import { type ImageSource, rangeBytes } from './kernels/images'
import { ListDrawing } from './list-drawing'
import { ListedSet } from './listed-set'
import { PictureDrawing } from './picture-drawing'

/** Reads past the end of the last image stay in the memory. */
const OVERHANG = 64

/** The data set in the engine's memory, and the table that says which images the batch at hand consists of. */
export class BatchSource {
  readonly source: ImageSource
  /** Address of [capacity] uint32 labels of the batch. */
  readonly labelWords: number
  readonly labels: Uint8Array
  private readonly dataset: Dataset
  private readonly capacity: number
  private readonly areas: Readonly<Record<'train' | 'test' | 'guest', number>>
  /** The training images as lists, and where the batch's ranges stand; null: all sets are raw pixels. */
  private lists: { readonly set: ListedSet; readonly pixels: PixelLists } | null = null
  /** Whether the batch at hand is listed already, or will be when it is distorted. */
  listed = false
  /** Whether the batch at hand is one of training images that are yet to be distorted. */
  distorted = false
  private words: Uint32Array = new Uint32Array(0)
  private bytes: Uint8Array = new Uint8Array(0)

  constructor(
    arena: Arena,
    dataset: Dataset,
    features: number,
    capacity: number,
    listsTraining: boolean,
  ) {
    this.dataset = dataset
    this.capacity = capacity
    this.labels = new Uint8Array(capacity)
    this.source = { addresses: arena.reserve(capacity * 4), features }
    this.labelWords = arena.reserve(capacity * 4)
    this.areas = {
      train: listsTraining ? 0 : arena.reserve(dataset.train.images.length + OVERHANG),
      test: arena.reserve(dataset.test.images.length + OVERHANG),
      guest: arena.reserve(capacity * features + OVERHANG),
    }
  }

  /** Keeps the training images as lists of pixels. */
  keepLists(arena: Arena, pixels: PixelLists): void {
    this.lists = { set: new ListedSet(arena, this.dataset.train), pixels }
  }

  attach(buffer: ArrayBufferLike): void {
    this.words = new Uint32Array(buffer)
    this.bytes = new Uint8Array(buffer)
    if (this.lists === null) this.bytes.set(this.dataset.train.images, this.areas.train)
    else this.lists.set.attach(new Float32Array(buffer), this.words, this.lists.pixels.scale)
    this.bytes.set(this.dataset.test.images, this.areas.test)
  }

  /** Makes images `indices` of a set the batch at hand. */
  choose(name: 'train' | 'test', indices: Uint32Array): void {
    const set: ImageSet = this.dataset[name]
    const { features, addresses } = this.source
    const area = this.areas[name]
    const lists = name === 'train' ? this.lists : null
    this.listed = lists !== null
    this.distorted = false
    for (let row = 0; row < indices.length; row++) {
      const image = indices[row] as number
      const label = set.labels[image] as number
      if (lists === null) this.words[addresses / 4 + row] = area + image * features
      else
        lists.set.writeRanges(
          image,
          this.words,
          (lists.pixels.rows.ranges + row * rangeBytes(lists.pixels.rows)) / 4,
        )
      this.words[this.labelWords / 4 + row] = label
      this.labels[row] = label
    }
  }

  /** Makes training images `indices` the batch at hand, to be distorted. */
  distort(indices: Uint32Array, { pass, drawing }: Distortion, epoch: number): void {
    const { features, addresses } = this.source
    this.choose('train', indices)
    this.listed = drawing instanceof ListDrawing
    this.distorted = true
    pass.setEpoch(epoch)
    for (let row = 0; row < indices.length; row++) {
      const image = indices[row] as number
      pass.setRow(row, image, this.areas.train + image * features)
      if (drawing instanceof PictureDrawing) this.words[addresses / 4 + row] = drawing.imageAt(row)
    }
  }

  /** Makes images from outside the batch at hand. pixels [rows, features] */
  invite(pixels: Uint8Array, rows: number): void {
    const { features, addresses } = this.source
    if (rows > this.capacity) throw new RangeError(`${rows} rows for ${this.capacity}`)
    this.listed = false
    this.distorted = false
    this.bytes.set(pixels.subarray(0, rows * features), this.areas.guest)
    for (let row = 0; row < rows; row++) {
      this.words[addresses / 4 + row] = this.areas.guest + row * features
      this.words[this.labelWords / 4 + row] = 0
      this.labels[row] = 0
    }
  }
}
