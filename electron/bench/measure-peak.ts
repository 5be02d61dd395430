import { f32x4, control, i32, sequence, v128 } from '#core/backend/cpu/wasm/instructions'
import { ModuleBuilder } from '#core/backend/cpu/wasm/module-builder'
import { compile, createMemory, instantiate } from '#core/backend/cpu/wasm/runtime'

const ACCUMULATORS = 12
const ROUNDS = 400_000

/** GFLOP/s of one thread with 128-bit vectors in registers: fused multiply-add, or multiply and add where there is none. */
export function measurePeak(relaxed: boolean): number {
  const module = new ModuleBuilder()
  const f = module.function(['i32'], 'peak')
  const left = f.parameter(0)
  const sums = Array.from({ length: ACCUMULATORS }, () => f.local('v128'))
  const a = f.local('v128')
  const b = f.local('v128')
  f.emit(
    a.set(f32x4.const(0.5)),
    b.set(f32x4.const(1e-3)),
    control.doWhile(
      sequence(
        ...sums.map((sum) =>
          sum.set(
            relaxed
              ? f32x4.relaxedMadd(a.get, b.get, sum.get)
              : f32x4.add(f32x4.mul(a.get, b.get), sum.get),
          ),
        ),
        left.set(i32.sub(left.get, i32.const(1))),
      ),
      left.get,
    ),
    ...sums.map((sum, i) => v128.store(i32.const(0), sum.get, i * 16)),
  )
  const bytes = module.build({ pages: 1, shared: false })
  const { peak } = instantiate(compile(bytes), createMemory(1, false))
  if (peak === undefined) throw new Error('no kernel')
  const rates = Array.from({ length: 12 }, () => {
    const start = performance.now()
    peak(ROUNDS)
    return (ROUNDS * ACCUMULATORS * 8) / (performance.now() - start) / 1e6
  }).toSorted((x, y) => x - y)
  return rates[8] ?? 0
}
