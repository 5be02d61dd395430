import type { ElasticField } from '#core/data/elastic-field'
import { type Code, f32x4, i32, i32x4, i8x16, narrow, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, Local, ModuleBuilder } from '../wasm/module-builder'
import { lanes } from './elementwise'
import { countUp } from './loops'

const VECTOR = 16

/** Where the two tables of an ElasticField lie. */
export interface FieldTables {
  readonly down: number
  readonly across: number
}

/** Bytes of dx, or of dy, of one row. */
export function axisBytes(cols: number): number {
  return Math.ceil(cols / 4) * VECTOR
}

/** Bytes of one row of a field: dx, then dy. */
export function fieldRowBytes(cols: number): number {
  return 2 * axisBytes(cols)
}

/**
 * The field of data/elastic-field.ts from its random words, the same bits. Parameters: words, to, bands. Writes [rows][2][cols]
 * int32, dx and then dy of each row. Where `banded`, to `bands` [rows] times four float32: least dx, least dy, largest dx, largest dy.
 */
export function fieldFunction(
  module: ModuleBuilder,
  field: ElasticField,
  rows: number,
  cols: number,
  tables: FieldTables,
  banded: boolean,
): FunctionBuilder {
  const line = lineFunction(module, field, cols, tables.across, banded)
  const f = module.function(['i32', 'i32', 'i32'])
  const [words, to, bands] = [f.parameter(0), f.parameter(1), f.parameter(2)]
  const down = f.local('i32')
  const rowBytes = field.rank * 2
  f.emit(
    countUp(
      down,
      i32.const(tables.down),
      i32.const(tables.down + rows * rowBytes),
      rowBytes,
      sequence(
        line.call(words.get, to.get, down.get, bands.get),
        to.set(i32.add(to.get, i32.const(fieldRowBytes(cols)))),
        banded ? bands.set(i32.add(bands.get, i32.const(VECTOR))) : [],
      ),
    ),
  )
  return f
}

/** One row. Parameters: words, to, address of the row of `down`, band. */
function lineFunction(
  module: ModuleBuilder,
  { rank, lineShift, fieldShift }: ElasticField,
  cols: number,
  across: number,
  banded: boolean,
): FunctionBuilder {
  const f = module.function(['i32', 'i32', 'i32', 'i32'])
  const [words, to, down] = [f.parameter(0), f.parameter(1), f.parameter(2)]
  const pairs = rank / 2
  const pairBytes = Math.ceil(cols / 4) * 16
  const share = f.local('v128')
  /** [2][rank / 2] neighbours of V Z in every lane. */
  const lines = [0, 1].map(() => Array.from({ length: pairs }, () => f.local('v128')))
  const sums = [0, 1].map(() => Array.from({ length: rank / 4 }, () => f.local('v128')))
  const products = Array.from({ length: pairs }, (_, i) =>
    sequence(
      share.set(v128.load32Splat(down.get, i * 4)),
      ...sums.flatMap((vectors, component) =>
        vectors.map((sum, j) => {
          const word = component * pairs * rank + i * rank + j * 4
          const product = i32x4.dotI16x8S(share.get, v128.load(words.get, word * 4))
          return sum.set(i === 0 ? product : i32x4.add(sum.get, product))
        }),
      ),
    ),
  )
  const narrowed = f.local('v128')
  const spread = lines.flatMap((locals, component) =>
    locals.map((local, pair) => {
      const first = (pair >> 2) * 2
      const [low, high] = [sums[component]?.[first], sums[component]?.[first + 1]]
      return sequence(
        pair % 4 === 0 && low !== undefined && high !== undefined
          ? narrowed.set(narrow.i32x4ToI16x8S(shifted(low, lineShift), shifted(high, lineShift)))
          : [],
        local.set(inEveryLane(narrowed, pair % 4)),
      )
    }),
  )
  const displacement = (component: number, group: number): Code =>
    (lines[component] ?? [])
      .map((local, pair) => {
        const harmonics = v128.load(i32.const(across), pair * pairBytes + group * 16)
        return i32x4.dotI16x8S(local.get, harmonics)
      })
      .reduce((sum, product) => i32x4.add(sum, product))
  // No loop over so few groups: its end would be mispredicted in each row, which doubles the time.
  const value = f.local('v128')
  const extremes = [0, 1].map(() => ({ least: f.local('v128'), most: f.local('v128') }))
  const groups = Array.from({ length: pairBytes / 16 }, (_, group) =>
    sequence(
      ...extremes.map(({ least, most }, component) =>
        sequence(
          value.set(i32x4.shrS(displacement(component, group), i32.const(fieldShift))),
          v128.store(to.get, value.get, component * axisBytes(cols) + group * VECTOR),
          banded
            ? sequence(
                least.set(group === 0 ? value.get : i32x4.minS(least.get, value.get)),
                most.set(group === 0 ? value.get : i32x4.maxS(most.get, value.get)),
              )
            : [],
        ),
      ),
    ),
  )
  const [dx, dy] = extremes
  const band =
    banded && dx !== undefined && dy !== undefined
      ? sequence(
          value.set(overLanes(value, dx.least, dy.least, i32x4.minS)),
          share.set(overLanes(share, dx.most, dy.most, i32x4.maxS)),
          v128.store(
            f.parameter(3).get,
            f32x4.convertI32x4S(i8x16.shuffle(value.get, share.get, lanes(0, 1, 4, 5))),
          ),
        )
      : []
  f.emit(...products, ...spread, ...groups, band)
  return f
}

function shifted(sum: Local, bits: number): Code {
  return i32x4.shrS(sum.get, i32.const(bits))
}

function inEveryLane(vector: Local, word: number): Code {
  const bytes = [0, 1, 2, 3].map((byte) => word * 4 + byte)
  return i8x16.shuffle(vector.get, vector.get, [...bytes, ...bytes, ...bytes, ...bytes])
}

/** What `combine` makes of all lanes of `a` in lane 0, of `b` in lane 1. */
function overLanes(scratch: Local, a: Local, b: Local, combine: (a: Code, b: Code) => Code): Code {
  return sequence(
    scratch.set(
      combine(
        i8x16.shuffle(a.get, b.get, lanes(0, 4, 1, 5)),
        i8x16.shuffle(a.get, b.get, lanes(2, 6, 3, 7)),
      ),
    ),
    combine(scratch.get, i8x16.shuffle(scratch.get, scratch.get, lanes(2, 3, 2, 3))),
  )
}
