import { type Code, control, i32, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, Local, ModuleBuilder } from '../wasm/module-builder'
import { smaller } from './loops'
import type { SimdTarget } from './target'
import type { UpdateRule } from './update-rules'

/**
 * Bytes by which `finish` stays behind the state, in one loop: what it reads was made some steps ago, so its root and division never
 * wait, and they run beside the arithmetic of the state. With 2048 parameters in the first-level cache Adam takes 0.50 ns a value this way,
 * 0.77 in two short loops one after the other.
 */
const LAG = 256

/** Where values and state of all parameters begin. */
export interface UpdateAreas {
  readonly values: number
  readonly slots: readonly number[]
}

/**
 * Updates consecutive parameters. Parameters: address of the gradients, offset of the first parameter from `values`, bytes (a
 * multiple of 16, not 0), address of the rule's constants. State lies at the same offsets from the addresses in `slots`.
 */
export function updateFunction(
  module: ModuleBuilder,
  target: SimdTarget,
  rule: UpdateRule,
  memory: UpdateAreas,
): FunctionBuilder {
  const f = module.function(['i32', 'i32', 'i32', 'i32'], 'update')
  const gradientAddress = f.parameter(0)
  const offset = f.parameter(1)
  const end = f.parameter(2)
  const constants = Array.from({ length: rule.constantCount }, () => f.local('v128'))
  const value = f.local('v128')
  const gradient = f.local('v128')
  const slots = rule.slots.map(() => f.local('v128'))
  const locals = { target, value, gradient, slots, constants, scratch: f.local('v128') }
  const loadSlots = (lag: number): Code =>
    sequence(
      ...slots.map((slot, i) => slot.set(v128.load(offset.get, (memory.slots[i] ?? 0) - lag))),
    )
  const storeValue = (lag: number): Code => v128.store(offset.get, value.get, memory.values - lag)
  const next = offset.set(i32.add(offset.get, i32.const(16)))
  const state = sequence(
    rule.usesValue || rule.finish === null ? value.set(v128.load(offset.get, memory.values)) : [],
    gradient.set(v128.load(gradientAddress.get)),
    loadSlots(0),
    rule.code(locals),
    rule.finish === null ? storeValue(0) : [],
    ...slots.map((slot, i) => v128.store(offset.get, slot.get, memory.slots[i])),
    gradientAddress.set(i32.add(gradientAddress.get, i32.const(16))),
  )
  const until = (to: Local, body: Code): Code =>
    control.doWhile(sequence(body, next), i32.ltU(offset.get, to.get))
  f.emit(
    ...constants.map((constant, i) => constant.set(v128.load32Splat(f.parameter(3).get, i * 4))),
    end.set(i32.add(end.get, offset.get)),
  )
  if (rule.finish === null) {
    f.emit(until(end, state))
    return f
  }
  const finish = (lag: number): Code =>
    sequence(
      value.set(v128.load(offset.get, memory.values - lag)),
      loadSlots(lag),
      rule.finish?.(locals) ?? [],
      storeValue(lag),
    )
  const begin = f.local('i32')
  const ahead = f.local('i32')
  f.emit(
    begin.set(offset.get),
    smaller(ahead, i32.add(begin.get, i32.const(LAG)), end.get),
    until(ahead, state),
    control.if(i32.ltU(offset.get, end.get), until(end, sequence(finish(LAG), state))),
    offset.set(i32.add(begin.get, i32.sub(end.get, ahead.get))),
    until(end, finish(0)),
  )
  return f
}
