/* Passes over parameters and their gradients that an optimizer step may end or begin with: max-norm, averages, clipping. */
import { type Code, control, f32, f32x4, i32, i8x16, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, Local, ModuleBuilder } from '../wasm/module-builder'
import { countUp } from './loops'
import { type SimdTarget, multiplyAdd } from './target'
import { flushed } from './update-rules'

/** for (address; address < end; address += 16 * count) body; the bytes must be a multiple of that. */
function overVectors(address: Local, end: Code, count: number, body: Code): Code {
  return countUp(address, address.get, end, 16 * count, body)
}

/**
 * Every column of a panel whose 2-norm exceeds `limit` is scaled by limit / (norm + 1e-7), as core/optim/max-norm.ts does with
 * the rows of torch's weights. Exports `name`(panel, bytes).
 */
export function maxNormPass(
  module: ModuleBuilder,
  target: SimdTarget,
  name: string,
  limit: number,
): void {
  const f = module.function(['i32', 'i32'], name)
  const [panel, end] = [f.parameter(0), f.parameter(1)]
  const address = f.local('i32')
  const value = f.local('v128')
  const halves = [0, 16].map((offset) => ({
    offset,
    sum: f.local('v128'),
    exceeds: f.local('v128'),
  }))
  f.emit(
    end.set(i32.add(panel.get, end.get)),
    address.set(panel.get),
    overVectors(
      address,
      end.get,
      2,
      sequence(
        ...halves.flatMap(({ offset, sum }) => [
          value.set(v128.load(address.get, offset)),
          sum.set(multiplyAdd(target, value.get, value.get, sum.get)),
        ]),
      ),
    ),
    ...halves.flatMap(({ sum, exceeds }) => [
      sum.set(f32x4.sqrt(sum.get)),
      exceeds.set(f32x4.gt(sum.get, f32x4.const(limit))),
      sum.set(
        v128.bitselect(
          f32x4.div(f32x4.const(limit), f32x4.add(sum.get, f32x4.const(1e-7))),
          f32x4.const(1),
          exceeds.get,
        ),
      ),
    ]),
    control.if(
      i8x16.bitmask(v128.or(halves[0]?.exceeds.get ?? [], halves[1]?.exceeds.get ?? [])),
      sequence(
        address.set(panel.get),
        overVectors(
          address,
          end.get,
          2,
          sequence(
            ...halves.flatMap(({ offset, sum }) => [
              value.set(f32x4.mul(v128.load(address.get, offset), sum.get)),
              v128.store(address.get, flushed(value.get), offset),
            ]),
          ),
        ),
      ),
    ),
  )
}

/**
 * average += (value - average) * fresh, fresh being the float32 at that address: EMA's 1 - decay, SWA's 1 / (taken + 1), 1 at
 * first. Exports `name`(values, averages, bytes).
 */
export function averagePass(
  module: ModuleBuilder,
  target: SimdTarget,
  name: string,
  fresh: number,
): void {
  const f = module.function(['i32', 'i32', 'i32'], name)
  const [values, averages, end] = [f.parameter(0), f.parameter(1), f.parameter(2)]
  const share = f.local('v128')
  const average = f.local('v128')
  f.emit(
    share.set(v128.load32Splat(i32.const(fresh))),
    end.set(i32.add(values.get, end.get)),
    overVectors(
      values,
      end.get,
      1,
      sequence(
        average.set(v128.load(averages.get)),
        average.set(
          multiplyAdd(
            target,
            f32x4.sub(v128.load(values.get), average.get),
            share.get,
            average.get,
          ),
        ),
        v128.store(averages.get, flushed(average.get)),
        averages.set(i32.add(averages.get, i32.const(16))),
      ),
    ),
  )
}

/** Sum of the squares of a stretch of gradients, as one float32. Exports `name`(address, bytes, to). */
export function squaresPass(module: ModuleBuilder, target: SimdTarget, name: string): void {
  const f = module.function(['i32', 'i32', 'i32'], name)
  const [address, end, to] = [f.parameter(0), f.parameter(1), f.parameter(2)]
  const sums = [0, 16].map((offset) => ({ offset, sum: f.local('v128') }))
  const value = f.local('v128')
  const [first, second] = sums.map(({ sum }) => sum)
  if (!first || !second) throw new RangeError('locals')
  const across = (bytes: number): Code =>
    first.set(f32x4.add(first.get, i8x16.shuffle(first.get, first.get, rotated(bytes))))
  f.emit(
    end.set(i32.add(address.get, end.get)),
    overVectors(
      address,
      end.get,
      2,
      sequence(
        ...sums.flatMap(({ offset, sum }) => [
          value.set(v128.load(address.get, offset)),
          sum.set(multiplyAdd(target, value.get, value.get, sum.get)),
        ]),
      ),
    ),
    first.set(f32x4.add(first.get, second.get)),
    across(8),
    across(4),
    f32.store(to.get, f32x4.extractLane(first.get, 0)),
  )
}

/** Multiplies a stretch of gradients by the float32 at `factor`. Exports `name`(address, bytes). */
export function scalePass(module: ModuleBuilder, name: string, factor: number): void {
  inPlace(module, name, (f) => {
    const by = f.local('v128')
    f.emit(by.set(v128.load32Splat(i32.const(factor))))
    return (x) => f32x4.mul(x, by.get)
  })
}

/** Clamps a stretch of gradients to [-limit, limit]. Exports `name`(address, bytes). */
export function clampPass(module: ModuleBuilder, name: string, limit: number): void {
  inPlace(
    module,
    name,
    () => (x) => f32x4.min(f32x4.max(x, f32x4.const(-limit)), f32x4.const(limit)),
  )
}

function inPlace(
  module: ModuleBuilder,
  name: string,
  prepare: (f: FunctionBuilder) => (x: Code) => Code,
): void {
  const f = module.function(['i32', 'i32'], name)
  const [address, end] = [f.parameter(0), f.parameter(1)]
  const change = prepare(f)
  f.emit(
    end.set(i32.add(address.get, end.get)),
    overVectors(address, end.get, 1, v128.store(address.get, change(v128.load(address.get)))),
  )
}

function rotated(bytes: number): number[] {
  return Array.from({ length: 16 }, (_, i) => (i + bytes) % 16)
}
