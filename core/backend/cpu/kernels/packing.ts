/*
 * Left operands of products, copied into strips of as many rows as a tile has: [strips][depth][tileRows]. A tile then reads one
 * stretch of memory in order. Read in place, its rows lie a panel apart, a page and a cache set each: on a Zen 3 the products of
 * 512 and 2048 units ran at 60-73 % of the peak that way.
 */
import { PANEL, ROW_BYTES } from '../panels'
import { type Code, control, i32, i8x16, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, ModuleBuilder } from '../wasm/module-builder'
import { lanes, transposeFour } from './elementwise'
import type { SimdTarget } from './target'
import { packedTile } from './tile'

/** What all packed products of a module share. */
export interface PackedKernels {
  /** tiles[r - 1] makes r rows. */
  readonly tiles: readonly FunctionBuilder[]
}

export function packedKernels(module: ModuleBuilder, target: SimdTarget): PackedKernels {
  return {
    tiles: Array.from({ length: target.tileRows }, (_, r) => packedTile(module, target, r + 1)),
  }
}

/**
 * One strip of rows of a matrix in panels `stride` bytes apart. Parameters: address of the first row in the first panel, to, end of
 * what is written. Whole panels are copied, and rows behind the last one with them: no tile reads those.
 */
export function packRows(
  module: ModuleBuilder,
  target: SimdTarget,
  stride: number,
): FunctionBuilder {
  const f = module.function(['i32', 'i32', 'i32'])
  const [from, to] = [f.parameter(0), f.parameter(1)]
  const step = target.tileRows * 4
  const rows = [0, 1, 2, 3].map(() => f.local('v128'))
  const pairs = [0, 1, 2, 3].map(() => f.local('v128'))
  const [fifth, sixth] = [f.local('v128'), f.local('v128')]
  const first4 = (k: number): Code =>
    transposeFour(rows, pairs, {
      load: (row) => v128.load(from.get, row * ROW_BYTES + k * 4),
      store: (i, value) => v128.store(to.get, value, (k + i) * step),
    })
  const last2 = (k: number): Code =>
    sequence(
      fifth.set(v128.load(from.get, 4 * ROW_BYTES + k * 4)),
      sixth.set(v128.load(from.get, 5 * ROW_BYTES + k * 4)),
      ...[0, 2].flatMap((i) => {
        const both = i8x16.shuffle(fifth.get, sixth.get, lanes(i, i + 4, i + 1, i + 5))
        return [
          pick(pairs, 0).set(both),
          v128.store64Lane(to.get, pick(pairs, 0).get, 0, (k + i) * step + 16),
          v128.store64Lane(to.get, pick(pairs, 0).get, 1, (k + i + 1) * step + 16),
        ]
      }),
    )
  f.emit(
    control.doWhile(
      sequence(
        first4(0),
        first4(4),
        ...(target.tileRows === 6 ? [last2(0), last2(4)] : []),
        from.set(i32.add(from.get, i32.const(stride))),
        to.set(i32.add(to.get, i32.const(PANEL * step))),
      ),
      i32.ltU(to.get, f.parameter(2).get),
    ),
  )
  return f
}

/**
 * Strips of `heights` columns, side by side from the first column of a panel on, of a matrix in panels `stride` bytes apart.
 * Parameters: the panel, to, number of rows, bytes from one strip to the next.
 */
export function packColumns(
  module: ModuleBuilder,
  target: SimdTarget,
  heights: readonly number[],
  stride: number,
): FunctionBuilder {
  const f = module.function(['i32', 'i32', 'i32', 'i32'])
  const [from, end] = [f.parameter(0), f.parameter(2)]
  const strips = heights.map((_, i) => (i === 0 ? f.parameter(1) : f.local('i32')))
  const firsts = heights.map((_, i) => heights.slice(0, i).reduce((sum, height) => sum + height, 0))
  const copies = heights.flatMap((height, i) => {
    const to = pick(strips, i)
    return pieces(pick(firsts, i), height).map(({ column, width }) => {
      const source = Math.floor(column / PANEL) * stride + (column % PANEL) * 4
      const offset = (column - pick(firsts, i)) * 4
      return width === 4
        ? v128.store(to.get, v128.load(from.get, source), offset)
        : v128.store64Lane(to.get, v128.load64Zero(from.get, source), 0, offset)
    })
  })
  f.emit(
    ...strips
      .slice(1)
      .map((strip, i) => strip.set(i32.add(pick(strips, i).get, f.parameter(3).get))),
    end.set(i32.add(from.get, i32.mul(end.get, i32.const(ROW_BYTES)))),
    control.doWhile(
      sequence(
        ...copies,
        ...strips.map((strip) => strip.set(i32.add(strip.get, i32.const(target.tileRows * 4)))),
        from.set(i32.add(from.get, i32.const(ROW_BYTES))),
      ),
      i32.ltU(from.get, end.get),
    ),
  )
  return f
}

/** A strip's columns in vectors and halves of them, none of which crosses into another panel. */
function pieces(first: number, height: number): { column: number; width: 2 | 4 }[] {
  const found: { column: number; width: 2 | 4 }[] = []
  let column = first
  while (column < first + height) {
    const width = column + 4 <= first + height && (column % PANEL) + 4 <= PANEL ? 4 : 2
    found.push({ column, width })
    column += width
  }
  return found
}

function pick<T>(items: readonly T[], i: number): T {
  const item = items[i]
  if (item === undefined) throw new RangeError(`item ${i} of ${items.length}`)
  return item
}
