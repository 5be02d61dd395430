import { dropThreshold } from '#core/tensor/philox'
import { type PanelMatrix, PANEL, ROW_BYTES } from '../panels'
import { type Code, f32x4, i32, i32x4, sequence, v128 } from '../wasm/instructions'
import type { ModuleBuilder } from '../wasm/module-builder'
import { at, countUp } from './loops'

/**
 * to = from / (1 - p), or from * 0 where the element's word drops it: y from x, and dx from dy. `words` is the address of
 * [batch, features] words, row-major. p null: to = from, as in evaluation. Exports `name`(first panel, end panel, rows).
 */
export function dropoutPass(
  module: ModuleBuilder,
  name: string,
  p: number | null,
  operands: { readonly from: PanelMatrix; readonly to: PanelMatrix; readonly words: number },
): void {
  const { from, to, words } = operands
  const f = module.function(['i32', 'i32', 'i32'], name)
  const panel = f.local('i32')
  const source = f.local('i32')
  const target = f.local('i32')
  const word = f.local('i32')
  const end = f.local('i32')
  const scale = f32x4.const(p === 1 ? 0 : 1 / (1 - (p ?? 0)))
  const half = (offset: number): Code => {
    const value = v128.load(source.get, offset)
    if (p === null) return v128.store(target.get, value, offset)
    const kept = i32x4.geU(v128.load(word.get, offset), i32x4.constant(dropThreshold(p)))
    return v128.store(target.get, f32x4.mul(value, v128.and(scale, kept)), offset)
  }
  f.emit(
    countUp(
      panel,
      f.parameter(0).get,
      f.parameter(1).get,
      1,
      sequence(
        source.set(at(from.address, panel.get, from.stride)),
        target.set(at(to.address, panel.get, to.stride)),
        word.set(at(words, panel.get, PANEL * 4)),
        end.set(i32.add(source.get, at(0, f.parameter(2).get, ROW_BYTES))),
        countUp(
          source,
          source.get,
          end.get,
          ROW_BYTES,
          sequence(
            half(0),
            half(16),
            target.set(i32.add(target.get, i32.const(ROW_BYTES))),
            word.set(i32.add(word.get, i32.const(from.columns * 4))),
          ),
        ),
      ),
    ),
  )
}

/** Bytes of the words of a layer: whole blocks of `noisePass`, and what the last panel's padding reads. */
export function wordBytes(rows: number, features: number): number {
  return (Math.ceil((rows * features) / 16) * 16 + PANEL) * 4
}
