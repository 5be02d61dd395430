import { type Code, control, i32, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, ModuleBuilder } from '../wasm/module-builder'
import type { SimdTarget } from './target'
import type { UpdateRule } from './update-rules'

/**
 * Updates consecutive parameters. Parameters: address of the gradients, offset of the first parameter from `values`, bytes (a
 * multiple of 16, not 0), address of the rule's constants. State lies at the same offsets from the addresses in `slots`.
 */
export function updateFunction(
  module: ModuleBuilder,
  target: SimdTarget,
  rule: UpdateRule,
  memory: { readonly values: number; readonly slots: readonly number[] },
): FunctionBuilder {
  const f = module.function(['i32', 'i32', 'i32', 'i32'], 'update')
  const gradientAddress = f.parameter(0)
  const offset = f.parameter(1)
  const end = f.parameter(2)
  const constants = Array.from({ length: rule.constantCount }, () => f.local('v128'))
  const value = f.local('v128')
  const gradient = f.local('v128')
  const slots = rule.slots.map(() => f.local('v128'))
  const store = (address: number, x: Code): Code => v128.store(offset.get, x, address)
  const body = sequence(
    value.set(v128.load(offset.get, memory.values)),
    gradient.set(v128.load(gradientAddress.get)),
    ...slots.map((slot, i) => slot.set(v128.load(offset.get, memory.slots[i]))),
    rule.code({ target, value, gradient, slots, constants, scratch: f.local('v128') }),
    store(memory.values, value.get),
    ...slots.map((slot, i) => store(memory.slots[i] ?? 0, slot.get)),
    gradientAddress.set(i32.add(gradientAddress.get, i32.const(16))),
    offset.set(i32.add(offset.get, i32.const(16))),
  )
  f.emit(
    ...constants.map((constant, i) => constant.set(v128.load32Splat(f.parameter(3).get, i * 4))),
    end.set(i32.add(end.get, offset.get)),
    control.doWhile(body, i32.ltU(offset.get, end.get)),
  )
  return f
}
