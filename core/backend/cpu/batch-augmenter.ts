import { Augmenter } from '#core/data/augment'
import type { ImageSet } from '#core/data/dataset'
import type { AugmentSpec } from '#core/spec/dataset'
import { Arena } from './arena'
import { AUGMENT_KERNEL, AugmentPass, MAP_WORDS_KERNEL } from './augment-pass'
import { PictureDrawing } from './picture-drawing'
import { ModuleBuilder } from './wasm/module-builder'
import { compile, createMemory, instantiate, type WasmFunction } from './wasm/runtime'

/** Images that are distorted together. */
const PIECE = 64
/** The kernels read whole vectors. */
const OVERHANG = 64

/** `Augmenter` for many images at once, by the kernels of the CPU backend in a memory of its own. */
export class BatchAugmenter {
  private readonly set: ImageSet
  private readonly pixels: number
  private readonly pass: AugmentPass
  private readonly drawing: PictureDrawing
  private readonly sources: number
  private readonly bytes: Uint8Array
  private readonly kernels: { readonly mapWords: WasmFunction; readonly augment: WasmFunction }

  constructor(spec: AugmentSpec, seed: number, set: ImageSet) {
    const arena = new Arena()
    const module = new ModuleBuilder()
    this.set = set
    this.pixels = set.rows * set.cols
    this.drawing = new PictureDrawing(arena, set.rows, set.cols, PIECE)
    const augmenter = new Augmenter(spec, seed, set.rows, set.cols)
    this.pass = new AugmentPass(arena, augmenter, this.drawing, { capacity: PIECE, threads: 1 })
    this.sources = arena.reserve(PIECE * this.pixels + OVERHANG)
    this.pass.emit(module)
    const { pages } = arena
    const memory = createMemory(pages, false)
    const kernels = instantiate(compile(module.build({ pages, shared: false })), memory)
    const kernel = (name: string): WasmFunction => {
      const found = kernels[name]
      if (found === undefined) throw new RangeError(`there is no kernel ${name}`)
      return found
    }
    this.kernels = { mapWords: kernel(MAP_WORDS_KERNEL), augment: kernel(AUGMENT_KERNEL) }
    this.bytes = new Uint8Array(memory.buffer)
    this.pass.attach(new Int32Array(memory.buffer))
  }

  /** [indices.length, rows * cols] the images `indices` of the set, as `epoch` sees them. */
  augmented(indices: Uint32Array, epoch: number): Uint8Array {
    const { pixels, pass, bytes } = this
    const out = new Uint8Array(indices.length * pixels)
    pass.setEpoch(epoch)
    for (let from = 0; from < indices.length; from += PIECE) {
      const piece = indices.subarray(from, from + PIECE)
      for (let row = 0; row < piece.length; row++) {
        const index = piece[row] as number
        const source = this.sources + row * pixels
        bytes.set(this.set.images.subarray(index * pixels, (index + 1) * pixels), source)
        pass.setRow(row, index, source)
      }
      this.kernels.mapWords(0, piece.length)
      pass.drawMaps(piece.length)
      this.kernels.augment(0, piece.length, 0)
      for (let row = 0; row < piece.length; row++) {
        const image = this.drawing.imageAt(row)
        out.set(bytes.subarray(image, image + pixels), (from + row) * pixels)
      }
    }
    return out
  }
}
