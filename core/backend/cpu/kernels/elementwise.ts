/* Passes over panels that are no products: activations, transposition, sums of columns. */
import { type PanelMatrix, PANEL, ROW_BYTES } from '../panels'
import { type Code, control, f32x4, i32, i8x16, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, Local, ModuleBuilder } from '../wasm/module-builder'
import { type FusedActivation, derivativeCode, forwardCode } from './activations'
import { at, countUp } from './loops'
import type { SimdTarget } from './target'

/** y := f(y) in place. Parameters: address, bytes (a multiple of 16). */
export function activationFunction(
  module: ModuleBuilder,
  target: SimdTarget,
  activation: FusedActivation,
): FunctionBuilder {
  const f = module.function(['i32', 'i32'])
  const address = f.parameter(0)
  const end = f.parameter(1)
  const forward = forwardCode(f, target, activation)
  f.emit(
    end.set(i32.add(address.get, end.get)),
    countUp(
      address,
      address.get,
      end.get,
      16,
      v128.store(address.get, forward(v128.load(address.get))),
    ),
  )
  return f
}

/** Applies `activation` to panels. Exports `name`(first panel, end panel, rows). */
export function activationPass(
  module: ModuleBuilder,
  name: string,
  activation: FunctionBuilder,
  values: PanelMatrix,
): void {
  const f = module.function(['i32', 'i32', 'i32'], name)
  const panel = f.local('i32')
  f.emit(
    countUp(
      panel,
      f.parameter(0).get,
      f.parameter(1).get,
      1,
      activation.call(
        at(values.address, panel.get, values.stride),
        at(0, f.parameter(2).get, ROW_BYTES),
      ),
    ),
  )
}

/** to (+)= from. Parameters: from, to, bytes (a multiple of 16), whether to add. */
export function copyFunction(module: ModuleBuilder): FunctionBuilder {
  const f = module.function(['i32', 'i32', 'i32', 'i32'])
  const from = f.parameter(0)
  const to = f.parameter(1)
  const end = f.parameter(2)
  const loop = (value: Code): Code =>
    countUp(
      from,
      from.get,
      end.get,
      16,
      sequence(v128.store(to.get, value), to.set(i32.add(to.get, i32.const(16)))),
    )
  f.emit(
    end.set(i32.add(from.get, end.get)),
    control.if(
      f.parameter(3).get,
      loop(f32x4.add(v128.load(from.get), v128.load(to.get))),
      loop(v128.load(from.get)),
    ),
  )
  return f
}

/** Gx = Gy f'(y), where `gradient` is Gy before and Gx after. Exports `name`(first panel, end panel, rows). */
export function derivativePass(
  module: ModuleBuilder,
  name: string,
  activation: FusedActivation,
  gradient: PanelMatrix,
  output: PanelMatrix,
): void {
  const f = module.function(['i32', 'i32', 'i32'], name)
  const panel = f.local('i32')
  const address = f.local('i32')
  const y = f.local('i32')
  const end = f.local('i32')
  const derivative = derivativeCode(activation)
  f.emit(
    countUp(
      panel,
      f.parameter(0).get,
      f.parameter(1).get,
      1,
      sequence(
        address.set(at(gradient.address, panel.get, gradient.stride)),
        y.set(at(output.address, panel.get, output.stride)),
        end.set(i32.add(address.get, at(0, f.parameter(2).get, ROW_BYTES))),
        countUp(
          address,
          address.get,
          end.get,
          16,
          sequence(
            v128.store(address.get, derivative(v128.load(address.get), v128.load(y.get))),
            y.set(i32.add(y.get, i32.const(16))),
          ),
        ),
      ),
    ),
  )
}

/**
 * to = fromᵀ, times f'(output) where `to` is the gradient of an activation. `to` [rows, columns], `from` [columns, rows].
 * Exports `name`(first panel of `to`, end panel of `to`, first panel of `from`, end panel of `from`); padding is transposed with
 * the rest.
 */
export function transposePass(
  module: ModuleBuilder,
  name: string,
  from: PanelMatrix,
  to: PanelMatrix,
  derivative: { readonly activation: FusedActivation; readonly output: PanelMatrix } | null,
): void {
  const f = module.function(['i32', 'i32', 'i32', 'i32'], name)
  const panel = f.local('i32')
  const block = f.local('i32')
  const source = f.local('i32')
  const target = f.local('i32')
  const output = f.local('i32')
  const rows = [0, 1, 2, 3].map(() => f.local('v128'))
  const pairs = [0, 1, 2, 3].map(() => f.local('v128'))
  const slope = derivative === null ? null : derivativeCode(derivative.activation)
  const quarter = (up: number, across: number): Code =>
    transposeFour(rows, pairs, {
      load: (i) => v128.load(source.get, (across * 4 + i) * ROW_BYTES + up * 16),
      store: (i, value) => {
        const offset = (up * 4 + i) * ROW_BYTES + across * 16
        const scaled = slope === null ? value : slope(value, v128.load(output.get, offset))
        return v128.store(target.get, scaled, offset)
      },
    })
  f.emit(
    countUp(
      panel,
      f.parameter(0).get,
      f.parameter(1).get,
      1,
      countUp(
        block,
        f.parameter(2).get,
        f.parameter(3).get,
        1,
        sequence(
          source.set(
            i32.add(at(from.address, block.get, from.stride), at(0, panel.get, PANEL * ROW_BYTES)),
          ),
          target.set(
            i32.add(at(to.address, panel.get, to.stride), at(0, block.get, PANEL * ROW_BYTES)),
          ),
          derivative === null
            ? []
            : output.set(
                i32.add(
                  at(derivative.output.address, panel.get, derivative.output.stride),
                  at(0, block.get, PANEL * ROW_BYTES),
                ),
              ),
          quarter(0, 0),
          quarter(0, 1),
          quarter(1, 0),
          quarter(1, 1),
        ),
      ),
    ),
  )
}

/** A shuffle's lanes for 32-bit words: 0..3 of the first operand, 4..7 of the second. */
export const lanes = (...words: readonly number[]): number[] =>
  words.flatMap((word) => [0, 1, 2, 3].map((byte) => word * 4 + byte))

/** Four vectors, transposed: the i-th stored one holds the i-th lanes of the loaded ones. */
export function transposeFour(
  rows: readonly Local[],
  pairs: readonly Local[],
  { load, store }: { load: (i: number) => Code; store: (i: number, value: Code) => Code },
): Code {
  const [a, b, c, d] = rows
  const [p, q, r, s] = pairs
  if (!a || !b || !c || !d || !p || !q || !r || !s) throw new RangeError('expected four rows')
  return sequence(
    a.set(load(0)),
    b.set(load(1)),
    c.set(load(2)),
    d.set(load(3)),
    p.set(i8x16.shuffle(a.get, b.get, lanes(0, 4, 1, 5))),
    q.set(i8x16.shuffle(a.get, b.get, lanes(2, 6, 3, 7))),
    r.set(i8x16.shuffle(c.get, d.get, lanes(0, 4, 1, 5))),
    s.set(i8x16.shuffle(c.get, d.get, lanes(2, 6, 3, 7))),
    store(0, i8x16.shuffle(p.get, r.get, lanes(0, 1, 4, 5))),
    store(1, i8x16.shuffle(p.get, r.get, lanes(2, 3, 6, 7))),
    store(2, i8x16.shuffle(q.get, s.get, lanes(0, 1, 4, 5))),
    store(3, i8x16.shuffle(q.get, s.get, lanes(2, 3, 6, 7))),
  )
}

/**
 * to[8] (+)= sum over rows of one panel. Parameters: panel, rows, to, whether to add. Four partial sums a vector, in
 * an order that depends on the number of rows alone.
 */
export function columnSums(module: ModuleBuilder): FunctionBuilder {
  const f = module.function(['i32', 'i32', 'i32', 'i32'])
  const address = f.parameter(0)
  const to = f.parameter(2)
  const end = f.local('i32')
  const wholeEnd = f.local('i32')
  const sums = Array.from({ length: 8 }, () => f.local('v128'))
  const add = (count: number): Code =>
    sums
      .slice(0, count)
      .flatMap((sum, i) => sum.set(f32x4.add(sum.get, v128.load(address.get, i * 16))))
  const total = (half: number): Code => {
    const [a, b, c, d] = [0, 2, 4, 6].map((i) => sums[i + half]?.get ?? [])
    return f32x4.add(f32x4.add(a ?? [], b ?? []), f32x4.add(c ?? [], d ?? []))
  }
  f.emit(
    end.set(i32.add(address.get, at(0, f.parameter(1).get, ROW_BYTES))),
    wholeEnd.set(
      i32.add(address.get, at(0, i32.and(f.parameter(1).get, i32.const(-4)), ROW_BYTES)),
    ),
    countUp(address, address.get, wholeEnd.get, 4 * ROW_BYTES, add(8)),
    countUp(address, address.get, end.get, ROW_BYTES, add(2)),
    control.if(
      f.parameter(3).get,
      sequence(
        v128.store(to.get, f32x4.add(v128.load(to.get), total(0))),
        v128.store(to.get, f32x4.add(v128.load(to.get, 16), total(1)), 16),
      ),
      sequence(v128.store(to.get, total(0)), v128.store(to.get, total(1), 16)),
    ),
  )
  return f
}

/**
 * Bias gradient: sums of the columns of `gradient` [batch, out].
 * Exports `name`(first panel, end panel, rows, OVERWRITE, ACCUMULATE or UPDATE of weight-product.ts).
 */
export function biasProduct(
  module: ModuleBuilder,
  name: string,
  sums: FunctionBuilder,
  operands: {
    readonly outputGradient: PanelMatrix
    /** Address of [out] values. */
    readonly gradient: number
    readonly update: ((gradient: Code, offset: Code, bytes: Code) => Code) | null
  },
): void {
  const { outputGradient, gradient, update } = operands
  const f = module.function(['i32', 'i32', 'i32', 'i32'], name)
  const panel = f.local('i32')
  const use = f.parameter(3)
  const to = at(gradient, panel.get, ROW_BYTES)
  f.emit(
    countUp(
      panel,
      f.parameter(0).get,
      f.parameter(1).get,
      1,
      sequence(
        sums.call(
          at(outputGradient.address, panel.get, outputGradient.stride),
          f.parameter(2).get,
          to,
          i32.eq(use.get, i32.const(1)),
        ),
        update === null
          ? []
          : control.if(
              i32.gtU(use.get, i32.const(1)),
              update(to, at(0, panel.get, ROW_BYTES), i32.const(ROW_BYTES)),
            ),
      ),
    ),
  )
}
