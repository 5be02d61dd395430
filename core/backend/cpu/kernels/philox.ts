import { type Code, i32x4, i64x2, i8x16, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, Local, ModuleBuilder } from '../wasm/module-builder'
import { lanes, transposeFour } from './elementwise'
import { countUp } from './loops'

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const
const KEY_STEPS = [0x9e3779b9, 0xbb67ae85] as const
const ROUNDS = 10
/** Bytes of the words that one turn makes: four blocks of four. */
export const TURN_BYTES = 64

/**
 * Words of tensor/philox.ts, the same ones. Parameters: to, end (addresses), stream, step, number of the first block; writes in
 * whole turns of 16 words.
 */
export function philoxFunction(
  module: ModuleBuilder,
  key: readonly [number, number],
): FunctionBuilder {
  const f = module.function(['i32', 'i32', 'i32', 'i32', 'i32'])
  const [to, end, stream, step] = [f.parameter(0), f.parameter(1), f.parameter(2), f.parameter(3)]
  const block = f.local('v128')
  const counter = [0, 1, 2, 3].map(() => f.local('v128'))
  const scratch = [0, 1, 2, 3].map(() => f.local('v128'))
  const [c0, c1, c2, c3] = counter
  if (!c0 || !c1 || !c2 || !c3) throw new RangeError('locals')
  // In locals: V8 builds a vector constant anew, of three instructions, wherever one stands (2.3 times the time in all).
  const halves = ([0, 1] as const).map((i) => ({
    first: key[i],
    key: f.local('v128'),
    multiplier: f.local('v128'),
    keyStep: f.local('v128'),
    constants: [MULTIPLIERS[i], KEY_STEPS[i]] as const,
  }))
  f.emit(
    ...halves.flatMap(({ multiplier, keyStep, constants }) => [
      multiplier.set(i32x4.constant(constants[0])),
      keyStep.set(i32x4.constant(constants[1])),
    ]),
    block.set(i32x4.add(i32x4.splat(f.parameter(4).get), i32x4.lanes([0, 1, 2, 3]))),
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
        ...halves.map((half) => half.key.set(i32x4.constant(half.first))),
        ...Array.from({ length: ROUNDS }, () => round(counter, scratch, halves)),
        transposeFour(counter, scratch, {
          load: (i) => counter[i]?.get ?? [],
          store: (i, value) => v128.store(to.get, value, i * 16),
        }),
        block.set(i32x4.add(block.get, i32x4.constant(4))),
      ),
    ),
  )
  return f
}

interface KeyHalf {
  readonly multiplier: Local
  readonly key: Local
  readonly keyStep: Local
}

/** One round on four counters at once; the keys move on to the next. */
function round(
  counter: readonly Local[],
  scratch: readonly Local[],
  halves: readonly KeyHalf[],
): Code {
  const [c0, c1, c2, c3] = counter
  const [low0, high0, low2, high2] = scratch
  const [first, second] = halves
  if (!c0 || !c1 || !c2 || !c3 || !low0 || !high0 || !low2 || !high2 || !first || !second)
    throw new RangeError('expected four words and two halves of a key')
  /** The 64-bit products, their lower halves in `c`, the upper ones in `high`. */
  const product = (low: Local, high: Local, c: Local, { multiplier }: KeyHalf): Code =>
    sequence(
      low.set(i64x2.extmulLowI32x4U(c.get, multiplier.get)),
      high.set(i64x2.extmulHighI32x4U(c.get, multiplier.get)),
      c.set(i8x16.shuffle(low.get, high.get, lanes(0, 2, 4, 6))),
      high.set(i8x16.shuffle(low.get, high.get, lanes(1, 3, 5, 7))),
    )
  const next = ({ key, keyStep }: KeyHalf): Code => key.set(i32x4.add(key.get, keyStep.get))
  return sequence(
    product(low0, high0, c0, first),
    product(low2, high2, c2, second),
    low0.set(c0.get),
    c0.set(v128.xor(v128.xor(high2.get, c1.get), first.key.get)),
    c1.set(c2.get),
    c2.set(v128.xor(v128.xor(high0.get, c3.get), second.key.get)),
    c3.set(low0.get),
    next(first),
    next(second),
  )
}
