import { ROW_BYTES } from '../panels'
import { control, i32, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, ModuleBuilder } from '../wasm/module-builder'
import { ENTRY_BYTES } from './images'
import { type SimdTarget, multiplyAdd } from './target'

/**
 * One row of `width` panels: to = start + sum over entries of value * row. Parameters: first entry, end of entries, address of row 0
 * in the first panel, to, start (consecutive panels). Without `starts` there is no start: the sum goes on from what `to` holds. Panels of
 * the rows lie `stride` bytes apart, those of `to` `toStride`. A function of its own, with the loop outside any other, for the reason
 * given at `rowTile`'s loop.
 */
export function listTile(
  module: ModuleBuilder,
  target: SimdTarget,
  { width, starts }: { readonly width: number; readonly starts: boolean },
  stride: number,
  toStride: number,
): FunctionBuilder {
  const f = module.function(['i32', 'i32', 'i32', 'i32', ...(starts ? (['i32'] as const) : [])])
  const [entry, end, base] = [f.parameter(0), f.parameter(1), f.parameter(2)]
  const to = f.parameter(3).get
  const start = f.parameter(starts ? 4 : 3).get
  const startStride = starts ? ROW_BYTES : toStride
  const sums = Array.from({ length: width }, () => [f.local('v128'), f.local('v128')] as const)
  const value = f.local('v128')
  const row = f.local('i32')
  const more = i32.ltU(entry.get, end.get)
  const step = sequence(
    value.set(v128.load32Splat(entry.get)),
    row.set(i32.add(base.get, i32.load(entry.get, 4))),
    ...sums.flatMap(([low, high], j) => {
      const address = j === 0 ? row.get : i32.add(row.get, i32.const(j * stride))
      return [
        low.set(multiplyAdd(target, value.get, v128.load(address), low.get)),
        high.set(multiplyAdd(target, value.get, v128.load(address, 16), high.get)),
      ]
    }),
    entry.set(i32.add(entry.get, i32.const(ENTRY_BYTES))),
  )
  f.emit(
    ...sums.flatMap(([low, high], j) => [
      low.set(v128.load(start, j * startStride)),
      high.set(v128.load(start, j * startStride + 16)),
    ]),
    control.if(more, control.doWhile(step, more)),
    ...sums.flatMap(([low, high], j) => [
      v128.store(to, low.get, j * toStride),
      v128.store(to, high.get, j * toStride + 16),
    ]),
  )
  return f
}
