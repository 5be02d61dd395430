import { ONE_PIXEL } from '#core/data/affine-map'
import { SHARE_BITS } from '#core/data/augment'
import { type Code, f32x4, i32, i32x4, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, Local, ModuleBuilder } from '../wasm/module-builder'
import { VECTOR } from './bilinear'
import { countUp } from './loops'
import { transposeFour } from './elementwise'
import { ROW_BYTES } from '../panels'

/** Pixels of a group, neighbours in a row. */
export const GROUP_PIXELS = 4
const WORD = 4
/** A position left of and above any picture. */
const BEYOND = -(2 ** 29)

/** Where the groups of one picture are kept: a column of words for each figure, all groups of a row one behind the other. */
export interface GroupLayout {
  readonly rows: number
  readonly cols: number
  /** Bytes of one column. */
  readonly columnBytes: number
  /** Offset of the word that says where the first column ends. */
  readonly end: number
  /** Offset of what four neighbours are away from the first one, across and then down. */
  readonly lanes: number
  /** Offset of what is known of four rows. */
  readonly fourRows: number
  readonly bytes: number
}

/** The columns: positions in 1/65536 pixel, offset of the row that the first pixel multiplies, its offset in the field. */
export const groupColumns = { u: 0, v: 1, place: 2, field: 3 } as const

/** Pictures that are drawn by groups: whole groups of columns and of rows, bits of a word for each. */
export function drawsInGroups(rows: number, cols: number): boolean {
  return rows % 4 === 0 && cols % GROUP_PIXELS === 0 && rows <= 32 && cols <= 28
}

export function groupLayout(rows: number, cols: number): GroupLayout {
  // Each row is written in whole vectors, and one group of nothing stands at the end.
  const columnBytes = Math.ceil(((rows * cols) / GROUP_PIXELS + 9) / 4) * VECTOR
  const end = 4 * columnBytes
  const lanes = end + VECTOR
  const fourRows = lanes + 2 * VECTOR
  return { rows, cols, columnBytes, end, lanes, fourRows, bytes: fourRows + 5 * VECTOR }
}

/**
 * Lists the groups of pixels that may see ink. Parameters: map, box of `inkFunction`, bands, groups. Where `elastic`, row y may be
 * displaced by the numbers of band y, see `fieldFunction`, and behind the field comes a row of zeros.
 */
export function groupFunction(
  module: ModuleBuilder,
  layout: GroupLayout,
  elastic: { readonly rowBytes: number } | null,
): FunctionBuilder {
  const { rows, cols, columnBytes, fourRows } = layout
  const f = module.function(['i32', 'i32', 'i32', 'i32'])
  const [map, box, bands, groups] = [f.parameter(0), f.parameter(1), f.parameter(2), f.parameter(3)]
  const row = f.local('i32')
  const to = f.local('i32')
  const vector = () => f.local('v128')
  const number = (i: number): Code => v128.load32Splat(map.get, i * WORD)
  const axis = (across: number, down: number, constant: number, edges: number) => ({
    across,
    down,
    edges,
    constant,
    /** Position of column 0 in four rows. */
    start: vector(),
    perPixel: vector(),
    steps: Array.from({ length: Math.ceil(cols / VECTOR) }, vector),
    low: vector(),
    high: vector(),
    from: vector(),
    to: vector(),
  })
  const u = axis(0, 1, 4, 0)
  const v = axis(2, 3, 5, 8)
  const scratch = [vector(), vector(), vector(), vector()]
  const slope = vector()
  const lanesOf = (unit: number, first: number): Code =>
    i32x4.lanes([first * unit, (first + 1) * unit, (first + 2) * unit, (first + 3) * unit])
  const begin = ({ across, down, constant, edges, start, perPixel, steps }: typeof u): Code =>
    sequence(
      v128.store(groups.get, i32x4.mul(number(across), lanesOf(1, 0)), layout.lanes + edges * 2),
      start.set(
        i32x4.add(
          i32x4.add(number(constant), i32x4.constant(ONE_PIXEL >> (SHARE_BITS + 1))),
          i32x4.mul(number(down), lanesOf(1, 0)),
        ),
      ),
      // A slope of 0 as one of 1: 28 of it are less than the margin of the box.
      slope.set(number(across)),
      slope.set(i32x4.sub(slope.get, i32x4.eq(slope.get, i32x4.constant(0)))),
      perPixel.set(f32x4.div(f32x4.const(1), f32x4.convertI32x4S(slope.get))),
      ...steps.map((step, i) => step.set(i32x4.mul(number(across), lanesOf(GROUP_PIXELS, i * 4)))),
    )
  const displaced = (edge: Code, by: Local): Code =>
    elastic === null ? edge : f32x4.sub(edge, by.get)
  /** Columns of the four rows between which the box is met along one axis. */
  const meet = ({ edges, start, perPixel, low, high, from, to }: typeof u): Code => {
    const column = (edge: number, by: Local): Code =>
      f32x4.mul(
        f32x4.sub(displaced(v128.load32Splat(box.get, edge), by), f32x4.convertI32x4S(start.get)),
        perPixel.get,
      )
    const [a, b] = scratch
    if (a === undefined || b === undefined) return []
    return sequence(
      a.set(column(edges, high)),
      b.set(column(edges + WORD, low)),
      from.set(f32x4.pmin(a.get, b.get)),
      to.set(f32x4.pmax(a.get, b.get)),
    )
  }
  const within = (value: Code, least: number, most: number): Code =>
    f32x4.pmin(f32x4.pmax(value, f32x4.const(least)), f32x4.const(most))
  const [first, last, place, line] = [vector(), vector(), vector(), vector()]
  const known = [
    i32x4.add(u.start.get, i32x4.mul(first.get, number(u.across))),
    i32x4.add(v.start.get, i32x4.mul(first.get, number(v.across))),
    i32x4.add(place.get, i32x4.shl(first.get, i32.const(5))),
    elastic === null ? [] : i32x4.add(line.get, i32x4.shl(first.get, i32.const(2))),
  ]
  const steps = (column: number, part: number): Code => {
    if (column === groupColumns.u) return u.steps[part]?.get ?? []
    if (column === groupColumns.v) return v.steps[part]?.get ?? []
    return lanesOf(GROUP_PIXELS * (column === groupColumns.place ? ROW_BYTES : WORD), part * 4)
  }
  const columns = elastic === null ? [0, 1, 2] : [0, 1, 2, 3]
  const ofNothing = (column: number): number => {
    if (column === groupColumns.place) return 0
    return column === groupColumns.field ? rows * (elastic?.rowBytes ?? 0) : BEYOND
  }
  const append = (lane: number): Code =>
    sequence(
      ...columns.flatMap((column) =>
        u.steps.map((_, part) =>
          v128.store(
            to.get,
            i32x4.add(
              v128.load32Splat(groups.get, fourRows + column * VECTOR + lane * WORD),
              steps(column, part),
            ),
            column * columnBytes + part * VECTOR,
          ),
        ),
      ),
      to.set(i32.add(to.get, i32.load(groups.get, fourRows + 4 * VECTOR + lane * WORD))),
    )
  f.emit(
    begin(u),
    begin(v),
    place.set(lanesOf(cols * ROW_BYTES, 0)),
    elastic === null ? [] : line.set(lanesOf(elastic.rowBytes, 0)),
    to.set(groups.get),
    countUp(
      row,
      bands.get,
      i32.add(bands.get, i32.const(rows * VECTOR)),
      4 * VECTOR,
      sequence(
        elastic === null
          ? []
          : transposeFour([u.low, v.low, u.high, v.high], scratch, {
              load: (i) => v128.load(row.get, i * VECTOR),
              store: (i, value) => ([u.low, v.low, u.high, v.high][i] ?? u.low).set(value),
            }),
        meet(u),
        meet(v),
        first.set(
          i32x4.truncSatF32x4S(f32x4.ceil(within(f32x4.pmax(u.from.get, v.from.get), 0, cols))),
        ),
        last.set(
          i32x4.truncSatF32x4S(f32x4.floor(within(f32x4.pmin(u.to.get, v.to.get), -1, cols - 1))),
        ),
        // Pixels, in whole groups.
        last.set(
          i32x4.maxS(
            v128.and(
              i32x4.add(i32x4.sub(last.get, first.get), i32x4.constant(GROUP_PIXELS)),
              i32x4.constant(-GROUP_PIXELS),
            ),
            i32x4.constant(0),
          ),
        ),
        first.set(i32x4.minS(first.get, i32x4.sub(i32x4.constant(cols), last.get))),
        ...columns.map((column) =>
          v128.store(groups.get, known[column] ?? [], fourRows + column * VECTOR),
        ),
        v128.store(groups.get, last.get, fourRows + 4 * VECTOR),
        ...[0, 1, 2, 3].map(append),
        ...[u, v].map(({ start, down }) =>
          start.set(i32x4.add(start.get, i32x4.shl(number(down), i32.const(2)))),
        ),
        place.set(i32x4.add(place.get, i32x4.constant(4 * cols * ROW_BYTES))),
        elastic === null ? [] : line.set(i32x4.add(line.get, i32x4.constant(4 * elastic.rowBytes))),
      ),
    ),
    ...columns.map((column) =>
      i32.store(to.get, i32.const(ofNothing(column)), column * columnBytes),
    ),
    i32.store(groups.get, to.get, layout.end),
  )
  return f
}
