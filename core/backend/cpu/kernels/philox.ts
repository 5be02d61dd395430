import { type Code, i32x4, i64x2, i8x16, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, Local, ModuleBuilder } from '../wasm/module-builder'
import { countUp } from './loops'

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const
const KEY_STEPS = [0x9e3779b9, 0xbb67ae85] as const
const ROUNDS = 10
/** Words that one turn makes: four blocks of four. */
const TURN_BYTES = 64

/**
 * Words of tensor/philox.ts, the same ones: parameters to, end (addresses), stream, step; writes those from `firstBlock` * 4
 * on, in whole turns of 16 words.
 */
export function philoxFunction(
  module: ModuleBuilder,
  key: readonly [number, number],
  firstBlock: number,
): FunctionBuilder {
  const f = module.function(['i32', 'i32', 'i32', 'i32'])
  const [to, end, stream, step] = [f.parameter(0), f.parameter(1), f.parameter(2), f.parameter(3)]
  const block = f.local('v128')
  const [c0, c1, c2, c3] = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')]
  const products = [f.local('v128'), f.local('v128'), f.local('v128'), f.local('v128')] as const
  const [low0, high0, low2, high2] = products
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const roundKey = (half: 0 | 1): Code =>
      i32x4.constant((key[half] + Math.imul(round, KEY_STEPS[half])) | 0)
    return sequence(
      low0.set(i64x2.extmulLowI32x4U(c0.get, i32x4.constant(MULTIPLIERS[0]))),
      high0.set(i64x2.extmulHighI32x4U(c0.get, i32x4.constant(MULTIPLIERS[0]))),
      low2.set(i64x2.extmulLowI32x4U(c2.get, i32x4.constant(MULTIPLIERS[1]))),
      high2.set(i64x2.extmulHighI32x4U(c2.get, i32x4.constant(MULTIPLIERS[1]))),
      c0.set(v128.xor(v128.xor(words(low2, high2, UPPER), c1.get), roundKey(0))),
      c1.set(words(low2, high2, LOWER)),
      c2.set(v128.xor(v128.xor(words(low0, high0, UPPER), c3.get), roundKey(1))),
      c3.set(words(low0, high0, LOWER)),
    )
  })
  f.emit(
    block.set(i32x4.lanes([firstBlock, firstBlock + 1, firstBlock + 2, firstBlock + 3])),
    countUp(
      to,
      to.get,
      end.get,
      TURN_BYTES,
      sequence(
        c0.set(block.get),
        c1.set(i32x4.splat(step.get)),
        c2.set(i32x4.splat(stream.get)),
        c3.set(i32x4.constant(0)),
        ...rounds,
        low0.set(words(c0, c1, FIRST)),
        high0.set(words(c0, c1, SECOND)),
        low2.set(words(c2, c3, FIRST)),
        high2.set(words(c2, c3, SECOND)),
        v128.store(to.get, words(low0, low2, HALVES[0])),
        v128.store(to.get, words(low0, low2, HALVES[1]), 16),
        v128.store(to.get, words(high0, high2, HALVES[0]), 32),
        v128.store(to.get, words(high0, high2, HALVES[1]), 48),
        block.set(i32x4.add(block.get, i32x4.constant(4))),
      ),
    ),
  )
  return f
}

const LOWER = [0, 2, 4, 6]
const UPPER = [1, 3, 5, 7]
/** Alternating words of the first, and of the second, halves of two vectors. */
const FIRST = [0, 4, 1, 5]
const SECOND = [2, 6, 3, 7]
const HALVES = [
  [0, 1, 4, 5],
  [2, 3, 6, 7],
] as const

/** Words 0..3 of `a`, 4..7 of `b`. */
function words(a: Local, b: Local, order: readonly number[]): Code {
  return i8x16.shuffle(
    a.get,
    b.get,
    order.flatMap((word) => [4 * word, 4 * word + 1, 4 * word + 2, 4 * word + 3]),
  )
}
