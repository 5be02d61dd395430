import { describe, expect, it } from 'vitest'
import { Arena } from '#core/backend/cpu/arena'
import { AUGMENT_KERNEL, AugmentPass, MAP_WORDS_KERNEL } from '#core/backend/cpu/augment-pass'
import { PixelLists } from '#core/backend/cpu/input-images'
import { BLOCK_GROUPS, GROUP } from '#core/backend/cpu/kernels/images'
import { ListDrawing } from '#core/backend/cpu/list-drawing'
import { ROW_BYTES } from '#core/backend/cpu/panels'
import { ModuleBuilder } from '#core/backend/cpu/wasm/module-builder'
import { compile, createMemory, instantiate } from '#core/backend/cpu/wasm/runtime'
import { Augmenter } from '#core/data/augment'
import type { ImageSet } from '#core/data/dataset'
import { readMnist } from '../../../mnist'
import { augmentSpecs, noise } from './augment-cases'

const SEED = 0xfedcba98
const EPOCH = 3
const ROWS = 40
/** Offsets of the rows that one block of pixels multiplies. */
const BLOCK_BYTES = BLOCK_GROUPS * GROUP * ROW_BYTES
const normalize = { mean: 0.1307, std: 0.3081 }

const sets: readonly (readonly [string, ImageSet])[] = [
  ['28 x 28', readMnist().train],
  ['28 x 28, noise', noise(28, 28)],
  ['noise of 12 x 16', noise(12, 16)],
  ['noise of 32 x 4', noise(32, 4)],
  ['28 x 28, one pixel or none', onePixelEach()],
]

/** Image i has pixel 8 i alone, from the 98th on none. */
function onePixelEach(): ImageSet {
  const set = noise(28, 28)
  set.images.fill(0)
  for (let image = 0; image * 8 < 784; image++) set.images[image * 784 + image * 8] = 255
  return set
}

describe.each(sets)('ListDrawing of images of %s', (_, set) => {
  it.each(augmentSpecs)('lists the pixels of the plain Augmenter: %s', (_name, spec) => {
    const { rows, cols } = set
    const pixels = rows * cols
    const arena = new Arena()
    const module = new ModuleBuilder()
    const source = { addresses: arena.reserve(ROWS * 4), features: pixels }
    const lists = new PixelLists(arena, source, ROWS, normalize)
    const augmenter = new Augmenter(spec, SEED, rows, cols)
    const drawing = new ListDrawing(arena, rows, cols, lists)
    const pass = new AugmentPass(arena, augmenter, drawing, { capacity: ROWS, threads: 2 })
    const images = arena.reserve(set.images.length + 64)
    pass.emit(module)
    const { pages } = arena
    const memory = createMemory(pages, false)
    const kernels = instantiate(compile(module.build({ pages, shared: false })), memory)
    const words = new Int32Array(memory.buffer)
    const floats = new Float32Array(memory.buffer)
    new Uint8Array(memory.buffer).set(set.images, images)
    pass.attach(words)
    pass.setEpoch(EPOCH)
    const indices = Array.from({ length: ROWS }, (_value, i) => (i * 37) % set.count)
    for (const [row, index] of indices.entries()) pass.setRow(row, index, images + index * pixels)
    kernels[MAP_WORDS_KERNEL]?.(0, ROWS)
    pass.drawMaps(ROWS)
    kernels[AUGMENT_KERNEL]?.(0, 15, 0)
    kernels[AUGMENT_KERNEL]?.(15, ROWS, 1)

    const plain = new Uint8Array(pixels)
    let listed = 0
    for (const [row, index] of indices.entries()) {
      augmenter.augmentInto(plain, 0, set.images, index, EPOCH)
      const expected = [...plain.entries()]
        .filter(([, level]) => level > 0)
        .map(([pixel, level]) => [Math.fround(level * Math.fround(lists.scale)), pixel * ROW_BYTES])
      const { ranges, blocks } = lists.rows
      const begins = words.subarray(ranges / 4).subarray(row * (blocks + 1))
      const [begin = 0, end = 0] = [begins[0], begins[blocks]]
      const found = Array.from({ length: (end - begin) / 8 }, (_value, i) => [
        floats[begin / 4 + 2 * i],
        words[begin / 4 + 2 * i + 1],
      ])
      expect(found).toEqual(expected)
      for (let block = 0; block < blocks; block++) {
        const [from = 0, to = 0] = begins.subarray(block, block + 2)
        const offsets = found.slice((from - begin) / 8, (to - begin) / 8).map(([, at = 0]) => at)
        const ahead = offsets.filter((offset) => offset >= (block + 1) * BLOCK_BYTES)
        expect(Math.min(...offsets)).toBeGreaterThanOrEqual(block * BLOCK_BYTES)
        expect(ahead.length).toBeLessThan(8)
      }
      listed += found.length
    }
    expect(listed).toBeGreaterThan(0)
  })
})
