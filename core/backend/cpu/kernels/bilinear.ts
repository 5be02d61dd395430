/* Sampling of one picture between its pixels, in the integers of core/data/augment.ts. */
import { ONE_PIXEL } from '#core/data/affine-map'
import { SHARE_BITS } from '#core/data/augment'
import { type Code, i16x8, i32, i32x4, i8x16, narrow, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, Local, ModuleBuilder } from '../wasm/module-builder'
import { axisBytes, fieldRowBytes } from './elastic-field'
import { countUp } from './loops'

export const VECTOR = 16

/** A picture as all its 2 x 2 neighbourhoods, one 32-bit word each, so that a sample is one load. */
export interface QuadLayout {
  readonly rows: number
  readonly cols: number
  /** Bytes of a row of the picture in its black frame. */
  readonly frameStride: number
  readonly frameBytes: number
  /** Neighbourhoods of a row. */
  readonly width: number
  readonly quadBytes: number
}

export function quadLayout(rows: number, cols: number): QuadLayout {
  const width = Math.ceil((cols + 2) / VECTOR) * VECTOR
  const frameStride = width + VECTOR
  return {
    rows,
    cols,
    frameStride,
    frameBytes: (rows + 2) * frameStride,
    width,
    quadBytes: (rows + 2) * width * 4,
  }
}

/**
 * Word [v, u] of the quads := pixels (v - 1, u - 1), (v - 1, u), (v, u - 1), (v, u), black outside. Parameters: picture, frame, quads;
 * the frame and the last row of the quads must have been zero at first. Reads up to 15 bytes behind the picture.
 */
export function quadFunction(module: ModuleBuilder, layout: QuadLayout): FunctionBuilder {
  const { rows, cols, frameStride, width } = layout
  const f = module.function(['i32', 'i32', 'i32'])
  const [from, frame, to] = [f.parameter(0), f.parameter(1), f.parameter(2)]
  const row = f.local('i32')
  const end = f.local('i32')
  const chunk = f.local('i32')
  const [a, b, c, d] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')]
  const copy = Array.from({ length: Math.ceil(cols / VECTOR) }, (_, i) => {
    const pixels = v128.load(from.get, i * VECTOR)
    const within = bytesWithin(0, cols - i * VECTOR)
    const value = within === null ? pixels : v128.and(pixels, within)
    return v128.store(row.get, value, frameStride + 1 + i * VECTOR)
  })
  f.emit(
    end.set(i32.add(frame.get, i32.const(rows * frameStride))),
    countUp(
      row,
      frame.get,
      end.get,
      frameStride,
      sequence(...copy, from.set(i32.add(from.get, i32.const(cols)))),
    ),
    end.set(i32.add(end.get, i32.const(frameStride))),
    countUp(
      row,
      frame.get,
      end.get,
      frameStride,
      countUp(
        chunk,
        row.get,
        i32.add(row.get, i32.const(width)),
        VECTOR,
        sequence(
          a.set(v128.load(chunk.get)),
          b.set(v128.load(chunk.get, 1)),
          c.set(v128.load(chunk.get, frameStride)),
          d.set(v128.load(chunk.get, frameStride + 1)),
          cellQuads(f, to, [a, b], [c, d], 0),
          to.set(i32.add(to.get, i32.const(4 * VECTOR))),
        ),
      ),
    ),
  )
  return f
}

/** Stores the quads of 16 neighbouring cells, whose left and right pixels are in `upper` and `lower`. */
export function cellQuads(
  f: FunctionBuilder,
  to: Local,
  upper: readonly [Local, Local],
  lower: readonly [Local, Local],
  offset: number,
): Code {
  const [top, bottom] = [f.local('v128'), f.local('v128')]
  return sequence(
    ...[0, 1].map((half) =>
      sequence(
        top.set(i8x16.shuffle(upper[0].get, upper[1].get, interleaved(1, half))),
        bottom.set(i8x16.shuffle(lower[0].get, lower[1].get, interleaved(1, half))),
        ...[0, 1].map((quarter) =>
          v128.store(
            to.get,
            i8x16.shuffle(top.get, bottom.get, interleaved(2, quarter)),
            offset + (half * 2 + quarter) * VECTOR,
          ),
        ),
      ),
    ),
  )
}

/**
 * Draws the picture anew. Parameters: quads, map (6 int32, see drawAffineMap), field, to. Where `elastic`, the field of
 * `fieldFunction` is added to the positions; `field` has room for one row at least and is used up. Writes whole words: up to 3 bytes
 * behind the picture. The pixels of a row are no loop, for the reason given in `lineFunction`.
 */
export function sampleFunction(
  module: ModuleBuilder,
  { rows, cols, width }: QuadLayout,
  elastic: boolean,
): FunctionBuilder {
  const f = module.function(['i32', 'i32', 'i32', 'i32'])
  const [quads, map, field, to] = [f.parameter(0), f.parameter(1), f.parameter(2), f.parameter(3)]
  const vector = () => f.local('v128')
  const column = { start: vector(), position: vector(), step: vector(), last: vector() }
  const row = { start: vector(), position: vector(), step: vector(), last: vector() }
  const [u, v, quad, shareX, shareY] = [vector(), vector(), vector(), vector(), vector()]
  const end = f.local('i32')
  /** Numbers of the map in every lane, times 0..3 where `lanes`. */
  const number = (i: number): Code => v128.load32Splat(map.get, i * 4)
  const lanes = i32x4.lanes([0, 1, 2, 3])
  const half = i32x4.constant(ONE_PIXEL >> (SHARE_BITS + 1))
  const begin = (axis: typeof column, across: number, constant: number, pixels: number): Code =>
    sequence(
      axis.start.set(
        i32x4.add(i32x4.add(number(constant), half), i32x4.mul(number(across), lanes)),
      ),
      axis.step.set(i32x4.shl(number(across), i32.const(2))),
      axis.last.set(i32x4.constant((pixels + 1) * ONE_PIXEL)),
    )
  const place = (to: Local, { position, last, step }: typeof column, displacement: Code): Code =>
    sequence(
      to.set(
        i32x4.maxS(
          i32x4.minS(elastic ? i32x4.add(position.get, displacement) : position.get, last.get),
          i32x4.constant(0),
        ),
      ),
      position.set(i32x4.add(position.get, step.get)),
    )
  /** Four pixels. Offsets go through the memory: lanes in and out of vectors would keep one port of the processor busy. */
  const four = (group: number): Code => {
    const here = group * VECTOR
    const load = (lane: number): Code =>
      v128.load32Zero(i32.add(quads.get, i32.load(field.get, here + lane * 4)))
    const pair = (first: number): Code =>
      i8x16.shuffle(load(first), load(first + 1), wordBytes(0, 4, 1, 5))
    return sequence(
      place(u, column, v128.load(field.get, here)),
      place(v, row, v128.load(field.get, here + axisBytes(cols))),
      v128.store(
        field.get,
        i32x4.dotI16x8S(
          v128.or(i32x4.shrU(u.get, i32.const(16)), v128.and(v.get, i32x4.constant(-ONE_PIXEL))),
          i32x4.constant(4 | ((4 * width) << 16)),
        ),
        here,
      ),
      quad.set(i8x16.shuffle(pair(0), pair(2), wordBytes(0, 1, 4, 5))),
      shares(shareX, u),
      shares(shareY, v),
      quad.set(
        narrow.i32x4ToI16x8S(
          i32x4.dotI16x8S(i16x8.extendLowI8x16U(quad.get), twice(shareX, 0)),
          i32x4.dotI16x8S(i16x8.extendHighI8x16U(quad.get), twice(shareX, 1)),
        ),
      ),
      quad.set(i32x4.add(i32x4.dotI16x8S(quad.get, shareY.get), i32x4.constant(HALF_LEVEL))),
      quad.set(i32x4.shrS(quad.get, i32.const(2 * SHARE_BITS))),
      quad.set(narrow.i32x4ToI16x8S(quad.get, quad.get)),
      v128.store32Lane(to.get, narrow.i16x8ToI8x16U(quad.get, quad.get), group * 4),
    )
  }
  f.emit(
    begin(column, 0, 4, cols),
    begin(row, 2, 5, rows),
    end.set(i32.add(to.get, i32.const(rows * cols))),
    countUp(
      to,
      to.get,
      end.get,
      cols,
      sequence(
        column.position.set(column.start.get),
        row.position.set(row.start.get),
        ...Array.from({ length: Math.ceil(cols / 4) }, (_, group) => four(group)),
        column.start.set(i32x4.add(column.start.get, number(1))),
        row.start.set(i32x4.add(row.start.get, number(3))),
        elastic ? field.set(i32.add(field.get, i32.const(fieldRowBytes(cols)))) : [],
      ),
    ),
  )
  return f
}

const HALF_LEVEL = 1 << (2 * SHARE_BITS - 1)

function wordBytes(...words: readonly number[]): readonly number[] {
  return words.flatMap((word) => [0, 1, 2, 3].map((byte) => word * 4 + byte))
}

/** 1 - share and share of the pixel before and behind a position, as 16-bit neighbours. */
function shares(to: Local, position: Local): Code {
  const one = 1 << SHARE_BITS
  return sequence(
    to.set(
      v128.and(i32x4.shl(position.get, i32.const(SHARE_BITS)), i32x4.constant((one - 1) << 16)),
    ),
    to.set(i32x4.sub(i32x4.add(to.get, i32x4.constant(one)), i32x4.shrU(to.get, i32.const(16)))),
  )
}

/** Each of the first, or of the last, two words twice. */
function twice(words: Local, half: 0 | 1): Code {
  const first = half * 2
  return i8x16.shuffle(words.get, words.get, wordBytes(first, first, first + 1, first + 1))
}

/** Units of `size` bytes of two vectors in turn, of their first or second halves. */
function interleaved(size: number, half: number): number[] {
  return Array.from({ length: VECTOR }, (_, byte) => {
    const unit = Math.floor(byte / size)
    return (unit % 2) * VECTOR + half * 8 + (unit >> 1) * size + (byte % size)
  })
}

/** The bytes `from` to `end` of a vector; null: all of them. */
export function bytesWithin(from: number, end: number): Code | null {
  if (from <= 0 && end >= VECTOR) return null
  return v128.const(Array.from({ length: VECTOR }, (_, i) => (i >= from && i < end ? 0xff : 0)))
}
