/* The figures of gradient health, panel by panel: what core/backend/distribution.ts and slopes.ts work out from rows. */
import {
  type Code,
  control,
  f32x4,
  f64x2,
  i32,
  i32x4,
  i8x16,
  sequence,
  v128,
} from '../wasm/instructions'
import type { FunctionBuilder, Local, ModuleBuilder } from '../wasm/module-builder'
import { PANEL, ROW_BYTES } from '../panels'
import { lanes } from './elementwise'
import { at, countUp } from './loops'
import { type SimdTarget, multiplyAdd } from './target'

const VECTOR = 16
const HALVES = [0, VECTOR] as const

/** Where `momentsPass` leaves its figures, one for each column of a panel. */
export const moments = { sums: 0, squares: 64, least: 128, most: 160, bytes: 192 } as const
/** Where `steepPass` does. */
export const steep = { slanted: 0, notFlat: 32, bytes: 64 } as const
/** Bins of a histogram, and one for the largest value. */
const SLOTS = 33
/** Counts of `binsPass`: four lanes count apart, so that none waits for the count of another. */
export const binWords = { slots: SLOTS, lanes: 4, bytes: SLOTS * 4 * 4 } as const

/** Code for every row of the panel at parameter 0; its rows are parameter 1. */
function overRows(f: FunctionBuilder, row: Local, body: Code): Code {
  const [panel, rows] = [f.parameter(0), f.parameter(1)]
  return countUp(row, panel.get, i32.add(panel.get, at(0, rows.get, ROW_BYTES)), ROW_BYTES, body)
}

function highHalf(vector: Local): Code {
  return i8x16.shuffle(vector.get, vector.get, lanes(2, 3, 2, 3))
}

/**
 * Of each column of a panel: sum and sum of squares (float64) of its values less the float32 at `origin`, least and largest value.
 * Exports `name`(panel, rows, origin, to).
 */
export function momentsPass(module: ModuleBuilder, name: string): void {
  const f = module.function(['i32', 'i32', 'i32', 'i32'], name)
  const [origin, to] = [f.parameter(2), f.parameter(3)]
  const row = f.local('i32')
  const vector = () => f.local('v128')
  const [shift, value, apart] = [vector(), vector(), vector()]
  const halves = HALVES.map((offset) => ({ offset, least: vector(), most: vector() }))
  const pairs = [0, 1, 2, 3].map(() => ({ sum: vector(), squares: vector() }))
  const add = (i: number, two: Code): Code => {
    const pair = pairs[i]
    if (pair === undefined) return []
    return sequence(
      apart.set(f64x2.sub(f64x2.promoteLowF32x4(two), shift.get)),
      pair.sum.set(f64x2.add(pair.sum.get, apart.get)),
      pair.squares.set(f64x2.add(pair.squares.get, f64x2.mul(apart.get, apart.get))),
    )
  }
  f.emit(
    shift.set(f64x2.promoteLowF32x4(v128.load32Splat(origin.get))),
    ...halves.flatMap(({ least, most }) => [
      least.set(f32x4.const(Infinity)),
      most.set(f32x4.const(-Infinity)),
    ]),
    overRows(
      f,
      row,
      sequence(
        ...halves.flatMap(({ offset, least, most }, i) => [
          value.set(v128.load(row.get, offset)),
          least.set(f32x4.pmin(least.get, value.get)),
          most.set(f32x4.pmax(most.get, value.get)),
          add(2 * i, value.get),
          add(2 * i + 1, highHalf(value)),
        ]),
      ),
    ),
    ...pairs.flatMap(({ sum, squares }, i) => [
      v128.store(to.get, sum.get, moments.sums + i * VECTOR),
      v128.store(to.get, squares.get, moments.squares + i * VECTOR),
    ]),
    ...halves.flatMap(({ offset, least, most }) => [
      v128.store(to.get, least.get, moments.least + offset),
      v128.store(to.get, most.get, moments.most + offset),
    ]),
  )
}

/**
 * Counts the values of the first `width` columns of a panel by bins: (value - least) * scale, where two float64 at `scaling` say least
 * and scale. Adds to [33][4] counts at `to`. Exports `name`(panel, rows, width, scaling, to).
 */
export function binsPass(module: ModuleBuilder, name: string): void {
  const f = module.function(['i32', 'i32', 'i32', 'i32', 'i32'], name)
  const [width, scaling, to] = [f.parameter(2), f.parameter(3), f.parameter(4)]
  const row = f.local('i32')
  const place = f.local('i32')
  const vector = () => f.local('v128')
  const [least, scale, value, bins] = [vector(), vector(), vector(), vector()]
  const binsOf = (two: Code): Code =>
    i32x4.truncSatF64x2SZero(f64x2.mul(f64x2.sub(f64x2.promoteLowF32x4(two), least.get), scale.get))
  const count = (lane: number): Code =>
    sequence(
      place.set(i32.add(to.get, i32x4.extractLane(bins.get, lane))),
      i32.store(place.get, i32.add(i32.load(place.get, lane * 4), i32.const(1)), lane * 4),
    )
  const overAll = (guarded: (column: number, body: Code) => Code): Code =>
    overRows(
      f,
      row,
      sequence(
        ...HALVES.flatMap((offset, half) => [
          value.set(v128.load(row.get, offset)),
          bins.set(i8x16.shuffle(binsOf(value.get), binsOf(highHalf(value)), lanes(0, 1, 4, 5))),
          bins.set(i32x4.shl(i32x4.minU(bins.get, i32x4.constant(SLOTS - 1)), i32.const(4))),
          ...[0, 1, 2, 3].map((lane) => guarded(half * 4 + lane, count(lane))),
        ]),
      ),
    )
  f.emit(
    least.set(v128.load64Splat(scaling.get)),
    scale.set(v128.load64Splat(scaling.get, 8)),
    control.if(
      i32.ltU(width.get, i32.const(PANEL)),
      overAll((column, body) => control.if(i32.ltU(i32.const(column), width.get), body)),
      overAll((_, body) => body),
    ),
  )
}

/**
 * Of each column of a panel, how many values lie within the two bounds at `bounds`, and how many within the two behind them: four float32,
 * see `SlopeBounds`. Exports `name`(panel, rows, bounds, to).
 */
export function steepPass(module: ModuleBuilder, name: string): void {
  const f = module.function(['i32', 'i32', 'i32', 'i32'], name)
  const [bounds, to] = [f.parameter(2), f.parameter(3)]
  const row = f.local('i32')
  const vector = () => f.local('v128')
  const value = vector()
  const within = [steep.slanted, steep.notFlat].map((place, i) => {
    const [from, end] = [vector(), vector()]
    return { place, i, from, end, counts: HALVES.map(() => vector()) }
  })
  f.emit(
    ...within.flatMap(({ i, from, end }) => [
      from.set(v128.load32Splat(bounds.get, i * 8)),
      end.set(v128.load32Splat(bounds.get, i * 8 + 4)),
    ]),
    overRows(
      f,
      row,
      sequence(
        ...HALVES.flatMap((offset, half) => [
          value.set(v128.load(row.get, offset)),
          ...within.flatMap(({ from, end, counts }) => {
            const count = counts[half]
            if (count === undefined) return []
            const inside = v128.and(f32x4.ge(value.get, from.get), f32x4.ge(end.get, value.get))
            return [count.set(i32x4.sub(count.get, inside))]
          }),
        ]),
      ),
    ),
    ...within.flatMap(({ place, counts }) =>
      counts.map((count, half) => v128.store(to.get, count.get, place + (HALVES[half] ?? 0))),
    ),
  )
}

/** What `columnSquaresPass` squares: values, values that it also copies to the panel `other`, or what they are away from `other`. */
export type Squared = 'values' | 'kept values' | 'differences'

/** Of each column of a panel, the sum of the squares of its values. Exports `name`(panel, rows, to, other). */
export function columnSquaresPass(
  module: ModuleBuilder,
  target: SimdTarget,
  name: string,
  squared: Squared,
): void {
  const f = module.function(['i32', 'i32', 'i32', 'i32'], name)
  const [to, other] = [f.parameter(2), f.parameter(3)]
  const row = f.local('i32')
  const value = f.local('v128')
  const sums = HALVES.map((offset) => ({ offset, sum: f.local('v128') }))
  const theirs = i32.add(row.get, other.get)
  const take = (offset: number): Code => {
    const mine = v128.load(row.get, offset)
    switch (squared) {
      case 'values':
        return value.set(mine)
      case 'kept values':
        return sequence(value.set(mine), v128.store(theirs, value.get, offset))
      case 'differences':
        return value.set(f32x4.sub(mine, v128.load(theirs, offset)))
    }
  }
  f.emit(
    other.set(i32.sub(other.get, f.parameter(0).get)),
    overRows(
      f,
      row,
      sequence(
        ...sums.flatMap(({ offset, sum }) => [
          take(offset),
          sum.set(multiplyAdd(target, value.get, value.get, sum.get)),
        ]),
      ),
    ),
    ...sums.map(({ offset, sum }) => v128.store(to.get, sum.get, offset)),
  )
}
