/*
 * The innermost products: a tile of up to 6 rows and 8 columns stays in registers while the shared dimension runs.
 * Each step loads one row of 8 values and as many single values as the tile has rows.
 *
 * One step per loop body: with more, V8 11 hoists all loads to the front and spills the accumulators.
 */
import { PANEL, ROW_BYTES } from '../panels'
import { type Code, control, i32, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, Local, ModuleBuilder } from '../wasm/module-builder'
import { type SimdTarget, multiplyAdd } from './target'

interface Accumulators {
  readonly initialise: Code
  readonly step: (left: Local, right: Local, offsets: readonly number[]) => Code
  readonly store: (target: Local) => Code
}

function accumulators(
  f: FunctionBuilder,
  target: SimdTarget,
  rows: number,
  start: Local,
  startStep: Local,
): Accumulators {
  const sums = Array.from({ length: rows }, () => [f.local('v128'), f.local('v128')] as const)
  const first = f.local('v128')
  const second = f.local('v128')
  const splat = f.local('v128')
  return {
    initialise: sequence(
      ...sums.flatMap(([low, high]) => [
        low.set(v128.load(start.get)),
        high.set(v128.load(start.get, 16)),
        start.set(i32.add(start.get, startStep.get)),
      ]),
    ),
    step: (left, right, offsets) =>
      sequence(
        first.set(v128.load(right.get)),
        second.set(v128.load(right.get, 16)),
        ...sums.flatMap(([low, high], row) => [
          splat.set(v128.load32Splat(left.get, offsets[row])),
          low.set(multiplyAdd(target, splat.get, first.get, low.get)),
          high.set(multiplyAdd(target, splat.get, second.get, high.get)),
        ]),
      ),
    store: (to) =>
      sequence(
        ...sums.flatMap(([low, high], row) => [
          v128.store(to.get, low.get, row * ROW_BYTES),
          v128.store(to.get, high.get, row * ROW_BYTES + 16),
        ]),
      ),
  }
}

/**
 * C[rows, 8] = start + A B, A [rows, K] in panels `leftStride` bytes apart, B one panel [K, 8] at a multiple of 256.
 * Parameters: A, B, C, end of B, start, bytes from a row of start to the next (0: one row for all).
 */
export function rowTile(
  module: ModuleBuilder,
  target: SimdTarget,
  rows: number,
  leftStride: number,
): FunctionBuilder {
  const f = module.function(['i32', 'i32', 'i32', 'i32', 'i32', 'i32'])
  const left = f.parameter(0)
  const right = f.parameter(1)
  const end = f.parameter(3)
  const sums = accumulators(f, target, rows, f.parameter(4), f.parameter(5))
  const offsets = Array.from({ length: rows }, (_, row) => row * ROW_BYTES)
  f.emit(
    sums.initialise,
    guardedLoop(
      sequence(
        sums.step(left, right, offsets),
        right.set(i32.add(right.get, i32.const(ROW_BYTES))),
        left.set(
          i32.add(
            i32.add(left.get, i32.const(4)),
            i32.mul(
              i32.eqz(i32.and(right.get, i32.const(PANEL * ROW_BYTES - 1))),
              i32.const(leftStride - ROW_BYTES),
            ),
          ),
        ),
      ),
      i32.ltU(right.get, end.get),
    ),
    sums.store(f.parameter(2)),
  )
  return f
}

/**
 * C[rows, 8] = start + Aᵀ B, where row r of C belongs to column `firstColumn` + r of A [K, ..] in panels `leftStride`
 * bytes apart, and B is one panel [K, 8]. Parameters as in `rowTile`; A is the panel of the first column.
 */
export function columnTile(
  module: ModuleBuilder,
  target: SimdTarget,
  rows: number,
  firstColumn: number,
  leftStride: number,
): FunctionBuilder {
  const f = module.function(['i32', 'i32', 'i32', 'i32', 'i32', 'i32'])
  const left = f.parameter(0)
  const right = f.parameter(1)
  const end = f.parameter(3)
  const sums = accumulators(f, target, rows, f.parameter(4), f.parameter(5))
  const offsets = Array.from({ length: rows }, (_, row) => {
    const column = firstColumn + row
    return Math.floor(column / PANEL) * leftStride + (column % PANEL) * 4
  })
  f.emit(
    sums.initialise,
    guardedLoop(
      sequence(
        sums.step(left, right, offsets),
        right.set(i32.add(right.get, i32.const(ROW_BYTES))),
        left.set(i32.add(left.get, i32.const(ROW_BYTES))),
      ),
      i32.ltU(right.get, end.get),
    ),
    sums.store(f.parameter(2)),
  )
  return f
}

/**
 * C[rows, 8] = start + A B, A [K][target.tileRows] as `packRows` and `packColumns` leave it, B one panel [K, 8]. Parameters as in
 * `rowTile`.
 */
export function packedTile(
  module: ModuleBuilder,
  target: SimdTarget,
  rows: number,
): FunctionBuilder {
  const f = module.function(['i32', 'i32', 'i32', 'i32', 'i32', 'i32'])
  const left = f.parameter(0)
  const right = f.parameter(1)
  const end = f.parameter(3)
  const sums = accumulators(f, target, rows, f.parameter(4), f.parameter(5))
  const offsets = Array.from({ length: rows }, (_, row) => row * 4)
  f.emit(
    sums.initialise,
    guardedLoop(
      sequence(
        sums.step(left, right, offsets),
        right.set(i32.add(right.get, i32.const(ROW_BYTES))),
        left.set(i32.add(left.get, i32.const(target.tileRows * 4))),
      ),
      i32.ltU(right.get, end.get),
    ),
    sums.store(f.parameter(2)),
  )
  return f
}

/**
 * The loop between the loads and the stores of the accumulators. V8 11 orders its body well only if the function stores the
 * accumulators as they are, in order, and if another way leads around the loop; else it hoists all loads to the front and
 * spills accumulators, at half the speed.
 */
function guardedLoop(body: Code, condition: Code): Code {
  return control.if(condition, control.doWhile(body, condition))
}
