import { type Code, control, i32, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, Local, ModuleBuilder } from '../wasm/module-builder'
import type { SimdTarget } from './target'
import type { UpdateRule } from './update-rules'

/** Bytes of parameters whose state is brought up to date before `finish` moves them: they stay in the first-level cache. */
const CHUNK = 1024

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
  const store = (address: number, x: Code): Code => v128.store(offset.get, x, address)
  const locals = { target, value, gradient, slots, constants, scratch: f.local('v128') }
  const loadSlots = slots.map((slot, i) => slot.set(v128.load(offset.get, memory.slots[i])))
  const storeSlots = slots.map((slot, i) => store(memory.slots[i] ?? 0, slot.get))
  const next = offset.set(i32.add(offset.get, i32.const(16)))
  const advance = (to: Local, from: Code): Code =>
    sequence(
      to.set(i32.add(from, i32.const(CHUNK))),
      control.if(i32.gtU(to.get, end.get), to.set(end.get)),
    )
  const state = sequence(
    value.set(v128.load(offset.get, memory.values)),
    gradient.set(v128.load(gradientAddress.get)),
    ...loadSlots,
    rule.code(locals),
    rule.finish === null ? store(memory.values, value.get) : [],
    ...storeSlots,
    gradientAddress.set(i32.add(gradientAddress.get, i32.const(16))),
    next,
  )
  f.emit(
    ...constants.map((constant, i) => constant.set(v128.load32Splat(f.parameter(3).get, i * 4))),
    end.set(i32.add(end.get, offset.get)),
  )
  if (rule.finish === null) {
    f.emit(control.doWhile(state, i32.ltU(offset.get, end.get)))
    return f
  }
  const begin = f.local('i32')
  const chunkEnd = f.local('i32')
  const finish = sequence(
    value.set(v128.load(offset.get, memory.values)),
    ...loadSlots,
    rule.finish(locals),
    store(memory.values, value.get),
    next,
  )
  f.emit(
    control.doWhile(
      sequence(
        begin.set(offset.get),
        advance(chunkEnd, begin.get),
        control.doWhile(state, i32.ltU(offset.get, chunkEnd.get)),
        offset.set(begin.get),
        control.doWhile(finish, i32.ltU(offset.get, chunkEnd.get)),
      ),
      i32.ltU(offset.get, end.get),
    ),
  )
  return f
}
