/* Sampling of pictures between their pixels, straight into the lists that the sparse products read. */
import { ONE_PIXEL } from '#core/data/affine-map'
import { SHARE_BITS } from '#core/data/augment'
import { ROW_BYTES } from '../panels'
import {
  type Code,
  control,
  f32x4,
  i16x8,
  i32,
  i32x4,
  i8x16,
  narrow,
  sequence,
  v128,
} from '../wasm/instructions'
import type { FunctionBuilder, ModuleBuilder } from '../wasm/module-builder'
import { VECTOR } from './bilinear'
import { countUp } from './loops'
import { BLOCK_GROUPS, GROUP } from './images'
import { type GroupLayout, groupColumns } from './pixel-groups'

const WORD = 4
const ONE_SHARE = 1 << SHARE_BITS
const HALF_LEVEL = 1 << (2 * SHARE_BITS - 1)

/** Bytes of `compressionTable`. */
export const COMPRESSION_BYTES = 16 * 2 * VECTOR

/** Constants of the sampler, each in a whole vector. */
export function samplerConstants(
  rows: number,
  cols: number,
  width: number,
  scale: number,
): Int32Array {
  const pair = (value: number): number => (value & 0xffff) | (value << 16)
  const scaleBits = new Int32Array(Float32Array.of(scale).buffer)[0] ?? 0
  const values = [
    pair((cols + 1) * ONE_SHARE),
    pair((rows + 1) * ONE_SHARE),
    pair(ONE_SHARE - 1),
    pair(ONE_SHARE),
    pair(4 * width),
    pair(-4),
    HALF_LEVEL,
    scaleBits,
  ]
  return Int32Array.from(values.flatMap((v) => [v, v, v, v]))
}

/**
 * For each set of lanes that are kept: which bytes of a vector of four words they are, in order, and the offsets of the rows that these pixels
 * multiply. [16][8] words
 */
export function compressionTable(): Int32Array {
  const words = new Int32Array(COMPRESSION_BYTES / WORD)
  for (let mask = 0; mask < 16; mask++) {
    const kept = [0, 1, 2, 3].filter((lane) => (mask >> lane) & 1)
    kept.forEach((lane, i) => {
      words[mask * 8 + i] = 0x03020100 + lane * 0x04040404
      words[mask * 8 + 4 + i] = lane * ROW_BYTES
    })
  }
  return words
}

/** Addresses of `compressionTable` and `samplerConstants`. */
export interface SamplerTables {
  readonly compression: number
  readonly constants: number
}

/**
 * Draws the groups of `groupFunction` anew and lists their pixels. Parameters: quads, groups, field, first entry, where to store the
 * addresses of the first entry of each of `blocks` blocks and of the end; a group stays in the block where it begins. No vector constants stand in the loop: V8 builds each of three instructions, every time.
 */
export function sampledListFunction(
  module: ModuleBuilder,
  layout: GroupLayout,
  { compression, constants }: SamplerTables,
  displacement: { readonly axisBytes: number } | null,
  blocks: number,
): FunctionBuilder {
  const f = module.function(['i32', 'i32', 'i32', 'i32', 'i32'])
  const [quads, groups, field] = [f.parameter(0), f.parameter(1), f.parameter(2)]
  const [entry, range] = [f.parameter(3), f.parameter(4)]
  const vector = () => f.local('v128')
  const group = f.local('i32')
  const end = f.local('i32')
  const nextBlock = f.local('i32')
  const rangeEnd = f.local('i32')
  const mask = f.local('i32')
  const axis = (column: number, pixels: number) => ({
    column,
    last: pixels,
    /** Of eight pixels, 16 bits each: position in shares, then share. */
    position: vector(),
    rest: vector(),
    shares: [vector(), vector()] as const,
  })
  const constant = (i: number): Code => v128.load(i32.const(constants), i * VECTOR)
  const u = axis(groupColumns.u, 0)
  const v = axis(groupColumns.v, 1)
  const cells = vector()
  const [low, high, level] = [vector(), vector(), vector()]
  /** Where four pixels see, with what the field adds along an axis. */
  const displaced = (position: Code, axis: number, half: 0 | 1): Code =>
    displacement === null
      ? position
      : i32x4.add(
          position,
          v128.load(
            i32.add(
              field.get,
              i32.load(group.get, groupColumns.field * layout.columnBytes + half * WORD),
            ),
            axis * displacement.axisBytes,
          ),
        )
  const place = ({ column, position, rest, shares, last }: typeof u): Code => {
    const four = (half: 0 | 1): Code =>
      i32x4.shrS(
        displaced(
          i32x4.add(
            v128.load32Splat(group.get, column * layout.columnBytes + half * WORD),
            v128.load(groups.get, layout.lanes + column * VECTOR),
          ),
          column,
          half,
        ),
        i32.const(Math.log2(ONE_PIXEL) - SHARE_BITS),
      )
    return sequence(
      position.set(
        i16x8.maxS(
          i16x8.minS(narrow.i32x4ToI16x8S(four(0), four(1)), constant(last)),
          i16x8.constant(0),
        ),
      ),
      shares[1].set(v128.and(position.get, constant(2))),
      rest.set(i16x8.sub(constant(3), shares[1].get)),
      shares[0].set(i8x16.shuffle(rest.get, shares[1].get, halfWords(0, 8, 1, 9, 2, 10, 3, 11))),
      shares[1].set(i8x16.shuffle(rest.get, shares[1].get, halfWords(4, 12, 5, 13, 6, 14, 7, 15))),
    )
  }
  const load = (pixel: number): Code =>
    v128.load32Zero(i32.add(quads.get, i32.load16u(groups.get, layout.fourRows + pixel * 2)))
  const pair = (pixel: number): Code =>
    i8x16.shuffle(load(pixel), load(pixel + 1), halfWords(0, 8, 1, 9, 2, 10, 3, 11))
  /** Samples and lists four pixels. */
  const four = (half: 0 | 1): Code =>
    sequence(
      level.set(i8x16.shuffle(pair(half * 4), pair(half * 4 + 2), words(0, 4, 1, 5))),
      low.set(i32x4.dotI16x8S(i16x8.extendLowI8x16U(level.get), u.shares[half].get)),
      high.set(i32x4.dotI16x8S(i16x8.extendHighI8x16U(level.get), u.shares[half].get)),
      level.set(
        i32x4.dotI16x8S(v128.or(low.get, i32x4.shl(high.get, i32.const(16))), v.shares[half].get),
      ),
      level.set(i32x4.shrU(i32x4.add(level.get, constant(6)), i32.const(2 * SHARE_BITS))),
      mask.set(i32x4.bitmask(i32x4.sub(i32x4.constant(0), level.get))),
      level.set(f32x4.mul(f32x4.convertI32x4S(level.get), constant(7))),
      end.set(i32.shl(mask.get, i32.const(5))),
      level.set(i8x16.swizzle(level.get, v128.load(end.get, compression))),
      low.set(
        i32x4.add(
          v128.load(end.get, compression + VECTOR),
          v128.load32Splat(group.get, groupColumns.place * layout.columnBytes + half * WORD),
        ),
      ),
      v128.store(entry.get, i8x16.shuffle(level.get, low.get, words(0, 4, 1, 5))),
      v128.store(entry.get, i8x16.shuffle(level.get, low.get, words(2, 6, 3, 7)), VECTOR),
      entry.set(i32.add(entry.get, i32.shl(i32.popcnt(mask.get), i32.const(3)))),
    )
  const mark = sequence(
    i32.store(range.get, entry.get),
    range.set(i32.add(range.get, i32.const(WORD))),
    nextBlock.set(i32.add(nextBlock.get, i32.const(BLOCK_GROUPS * GROUP * ROW_BYTES))),
  )
  f.emit(
    rangeEnd.set(i32.add(range.get, i32.const((blocks + 1) * WORD))),
    countUp(
      group,
      groups.get,
      i32.load(groups.get, layout.end),
      2 * WORD,
      sequence(
        control.while(
          i32.geU(i32.load(group.get, groupColumns.place * layout.columnBytes), nextBlock.get),
          mark,
        ),
        place(u),
        place(v),
        cells.set(
          i16x8.add(
            i16x8.mul(i16x8.shrU(v.position.get, i32.const(SHARE_BITS)), constant(4)),
            v128.and(i16x8.shrU(u.position.get, i32.const(SHARE_BITS - 2)), constant(5)),
          ),
        ),
        v128.store(groups.get, cells.get, layout.fourRows),
        four(0),
        four(1),
      ),
    ),
    control.while(i32.ltU(range.get, rangeEnd.get), mark),
  )
  return f
}

function words(...which: readonly number[]): readonly number[] {
  return which.flatMap((word) => [0, 1, 2, 3].map((byte) => word * 4 + byte))
}

function halfWords(...which: readonly number[]): readonly number[] {
  return which.flatMap((word) => [word * 2, word * 2 + 1])
}
