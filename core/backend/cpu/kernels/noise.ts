import { domains } from '#core/tensor/philox'
import { i32 } from '../wasm/instructions'
import type { ModuleBuilder } from '../wasm/module-builder'
import { philoxFunction } from './philox'

/** Words that are drawn together. */
export const NOISE_BLOCK = 16
const WORD_BYTES = 4

/** What the words of a session's dropout layers are keyed by, besides the layer. */
export interface NoiseKey {
  readonly seed: number
  /** Address of two uint32: optimizer steps taken before the pass at hand, and the row of the batch that its first row is. */
  readonly place: number
}

/**
 * The words of dropout as core/tensor/philox.ts lays them out, bit for bit: element e of the rows at hand goes to `to` + 4 e. Rows
 * before them make whole blocks. Exports `name`(first block of NOISE_BLOCK words, end block, to, stream, features).
 */
export function noisePass(module: ModuleBuilder, name: string, { seed, place }: NoiseKey): void {
  const f = module.function(['i32', 'i32', 'i32', 'i32', 'i32'], name)
  const [first, end, to] = [f.parameter(0), f.parameter(1), f.parameter(2)]
  const draw = philoxFunction(module, [seed, domains.dropout])
  const bytes = NOISE_BLOCK * WORD_BYTES
  f.emit(
    draw.call(
      i32.add(to.get, i32.mul(first.get, i32.const(bytes))),
      i32.add(to.get, i32.mul(end.get, i32.const(bytes))),
      f.parameter(3).get,
      i32.load(i32.const(place)),
      i32.add(
        i32.shrU(i32.mul(i32.load(i32.const(place), 4), f.parameter(4).get), i32.const(2)),
        i32.mul(first.get, i32.const(NOISE_BLOCK / 4)),
      ),
    ),
  )
}
