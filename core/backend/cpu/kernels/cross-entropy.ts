import { type PanelMatrix, ROW_BYTES } from '../panels'
import { type Code, f32, f32x4, i32, i8x16, sequence, v128 } from '../wasm/instructions'
import type { ModuleBuilder } from '../wasm/module-builder'
import { exponential } from './exponential'
import { at, countUp } from './loops'
import type { SimdTarget } from './target'

/** Stands for the logit of a class that does not exist: its softmax is 0. */
const NO_LOGIT = -1e30

/** Bytes of one row's figures: sum of e^(x - largest), largest - x[label], both float32. */
export const ROW_FIGURES = 8

/**
 * Cross entropy of class labels in one pass: for each row its figures for the loss, and
 * gradient = (softmax(x) - one hot) * scale. Exports `name`(first row, end row).
 */
export function crossEntropyPass(
  module: ModuleBuilder,
  target: SimdTarget,
  name: string,
  operands: {
    readonly logits: PanelMatrix
    readonly gradient: PanelMatrix
    /** Address of [rows] uint32 labels. */
    readonly labels: number
    /** Address of one float32: 1 / divisor of the loss. */
    readonly scale: number
    readonly figures: number
  },
): void {
  const { logits, gradient, labels, scale, figures } = operands
  const f = module.function(['i32', 'i32'], name)
  const row = f.local('i32')
  const x = f.local('i32')
  const g = f.local('i32')
  const largest = f.local('v128')
  const sum = f.local('v128')
  const value = f.local('v128')
  const label = f.local('i32')
  const scratch = { power: f.local('v128'), rest: f.local('v128') }
  const vectors = Array.from({ length: Math.ceil(logits.columns / 4) }, (_, i) => i)
  const offset = (matrix: PanelMatrix, i: number) => (i >> 1) * matrix.stride + (i & 1) * 16
  const load = (i: number): Code => {
    const loaded = v128.load(x.get, offset(logits, i))
    const missing = i * 4 + 4 - logits.columns
    if (missing <= 0) return loaded
    const real = laneBits(4 - missing)
    return v128.bitselect(loaded, f32x4.const(NO_LOGIT), real)
  }
  const across = (local: typeof sum, combine: (a: Code, b: Code) => Code): Code =>
    sequence(
      local.set(combine(local.get, i8x16.shuffle(local.get, local.get, rotated(8)))),
      local.set(combine(local.get, i8x16.shuffle(local.get, local.get, rotated(4)))),
    )
  const labelled = (base: Code, matrix: PanelMatrix): Code =>
    i32.add(
      base,
      i32.add(
        at(0, i32.shrU(label.get, i32.const(3)), matrix.stride),
        i32.shl(i32.and(label.get, i32.const(7)), i32.const(2)),
      ),
    )
  const figure = at(figures, row.get, ROW_FIGURES)
  f.emit(
    countUp(
      row,
      f.parameter(0).get,
      f.parameter(1).get,
      1,
      sequence(
        x.set(at(logits.address, row.get, ROW_BYTES)),
        g.set(at(gradient.address, row.get, ROW_BYTES)),
        label.set(i32.load(at(labels, row.get, 4))),
        largest.set(load(0)),
        ...vectors.slice(1).map((i) => largest.set(f32x4.pmax(largest.get, load(i)))),
        across(largest, f32x4.pmax),
        sum.set(f32x4.const(0)),
        ...vectors.flatMap((i) => [
          value.set(f32x4.sub(load(i), largest.get)),
          exponential(target, value, scratch),
          i * 4 + 4 > logits.columns
            ? value.set(v128.and(value.get, laneBits(logits.columns - i * 4)))
            : [],
          v128.store(g.get, value.get, offset(gradient, i)),
          sum.set(f32x4.add(sum.get, value.get)),
        ]),
        across(sum, f32x4.add),
        f32.store(figure, f32x4.extractLane(sum.get, 0)),
        f32.store(
          figure,
          f32.sub(f32x4.extractLane(largest.get, 0), f32.load(labelled(x.get, logits))),
          4,
        ),
        sum.set(f32x4.div(v128.load32Splat(i32.const(scale)), sum.get)),
        ...vectors.map((i) =>
          v128.store(
            g.get,
            f32x4.mul(v128.load(g.get, offset(gradient, i)), sum.get),
            offset(gradient, i),
          ),
        ),
        f32.store(
          labelled(g.get, gradient),
          f32.sub(f32.load(labelled(g.get, gradient)), f32.load(i32.const(scale))),
        ),
      ),
    ),
  )
}

function laneBits(count: number): Code {
  return [0xfd, 0x0c, ...Array.from({ length: 16 }, (_, byte) => (byte < count * 4 ? 0xff : 0))]
}

function rotated(bytes: number): number[] {
  return Array.from({ length: 16 }, (_, i) => (i + bytes) % 16)
}
