/*
 * The optimizers that run inside the kernels: core/optim's definitions in four lanes. What is written is flushed to
 * zero below the smallest normal number: WebAssembly cannot switch denormals off, and Adam's moments drift into them.
 */
import { withMomentum } from '#core/optim/momentum'
import type { OptimizerSpec, OptimizerSpecOf } from '#core/spec/optimizers'
import { type Code, f32x4, i32x4, sequence, v128 } from '../wasm/instructions'
import type { Local } from '../wasm/module-builder'
import { type SimdTarget, multiplyAdd } from './target'

/** Names and first values of a parameter's state, in the order in which the definition keeps them. */
export interface RuleSlot {
  readonly name: string
  readonly initial: number
}

export interface RuleStep {
  readonly lr: number
  readonly weightDecay: number
  /** In the place of the spec's momentum or beta1. */
  readonly momentum: number | null
  /** Counted from 1. */
  readonly step: number
}

/** Where the code of a rule finds its values: in locals that it may change. */
export interface RuleLocals {
  readonly target: SimdTarget
  readonly value: Local
  readonly gradient: Local
  readonly slots: readonly Local[]
  /** Splats of what `constants` returned. */
  readonly constants: readonly Local[]
  readonly scratch: Local
}

export interface UpdateRule {
  readonly slots: readonly RuleSlot[]
  readonly constantCount: number
  /** Whether `code` reads the value, where `finish` is what moves it. */
  readonly usesValue: boolean
  constants(step: RuleStep): readonly number[]
  code(locals: RuleLocals): Code
  /**
   * Code for what is left where `code` changes the state alone; null: nothing. A division behind a root behind an average is a chain too
   * long for processors to work on several at once: in one piece Adam took 1.7 ns a value on a Zen 3, in two pieces 1.25.
   */
  finish: ((locals: RuleLocals) => Code) | null
}

const ALL_BUT_SIGN = i32x4.constant(0x7fffffff)
const SMALLEST_NORMAL = 2 ** -126
/** The square of anything smaller, times 1e-3, would be a denormal. */
const SMALLEST_SQUARED = 4e-18

/**
 * The rule of an optimizer, or null for one that has none here. `firstMomentum` as for `Optimizer`: it decides whether
 * there are momentum buffers.
 */
export function updateRuleOf(spec: OptimizerSpec, firstMomentum: number | null): UpdateRule | null {
  if (spec.type === 'SGD') return sgdRule(withFirst(spec, firstMomentum))
  if (!('eps' in spec) || !(Number(spec.eps) > 0)) return null
  if (spec.type === 'Adam') return adamRule(spec, spec.decoupledWeightDecay)
  if (spec.type === 'AdamW') return adamRule(spec, true)
  if (spec.type === 'Adagrad') return adagradRule(spec)
  if (spec.type === 'RMSprop') return rmspropRule(withFirst(spec, firstMomentum))
  return null
}

function withFirst<S extends OptimizerSpecOf<'SGD'> | OptimizerSpecOf<'RMSprop'>>(
  spec: S,
  firstMomentum: number | null,
): S {
  return firstMomentum === null ? spec : withMomentum(spec, firstMomentum)
}

/** x without values below `limit`, compared as integers: an instruction less than |x| costs. NaN stays. */
export function flushed(x: Code, limit = SMALLEST_NORMAL): Code {
  const magnitude = v128.and(x, ALL_BUT_SIGN)
  return v128.andnot(x, i32x4.gtS(i32x4.bitsOf(limit), magnitude))
}

/** Negated where the run maximizes; with the L2 penalty where it has one. */
function prepared(
  { target, gradient, value }: RuleLocals,
  maximize: boolean,
  penalty: Local | null,
): Code {
  return sequence(
    maximize ? gradient.set(f32x4.neg(gradient.get)) : [],
    penalty === null ? [] : gradient.set(multiplyAdd(target, penalty.get, value.get, gradient.get)),
  )
}

function pick<T>(items: readonly T[], i: number): T {
  const item = items[i]
  if (item === undefined) throw new RangeError(`item ${i} of ${items.length}`)
  return item
}

function sgdRule(spec: OptimizerSpecOf<'SGD'>): UpdateRule {
  const buffered = spec.momentum !== 0
  return {
    slots: buffered ? [{ name: 'momentum_buffer', initial: 0 }] : [],
    finish: null,
    usesValue: true,
    constantCount: 5,
    constants: ({ lr, weightDecay, momentum, step }) => {
      const keep = momentum ?? spec.momentum
      return [-lr, weightDecay, keep, step === 1 ? 0 : keep, step === 1 ? 1 : 1 - spec.dampening]
    },
    code(locals) {
      const { target, value, gradient, slots, constants } = locals
      const [rate, penalty, momentum, keep, take] = [0, 1, 2, 3, 4].map((i) => pick(constants, i))
      if (!rate || !penalty || !momentum || !keep || !take) return []
      const start = prepared(locals, spec.maximize, penalty)
      if (!buffered)
        return sequence(
          start,
          value.set(multiplyAdd(target, rate.get, gradient.get, value.get)),
          value.set(flushed(value.get)),
        )
      const buffer = pick(slots, 0)
      return sequence(
        start,
        buffer.set(multiplyAdd(target, keep.get, buffer.get, f32x4.mul(take.get, gradient.get))),
        buffer.set(flushed(buffer.get)),
        gradient.set(
          spec.nesterov ? multiplyAdd(target, momentum.get, buffer.get, gradient.get) : buffer.get,
        ),
        value.set(multiplyAdd(target, rate.get, gradient.get, value.get)),
        value.set(flushed(value.get)),
      )
    },
  }
}

function adamRule(
  spec: OptimizerSpecOf<'Adam'> | OptimizerSpecOf<'AdamW'>,
  decoupled: boolean,
): UpdateRule {
  const slots = ['exp_avg', 'exp_avg_sq', ...(spec.amsgrad ? ['max_exp_avg_sq'] : [])]
  const decays = [spec, ...spec.paramGroups].some(({ weightDecay }) => (weightDecay ?? 0) > 0)
  return {
    slots: slots.map((name) => ({ name, initial: 0 })),
    usesValue: decays && !decoupled,
    constantCount: 7,
    constants: ({ lr, weightDecay, momentum, step }) => {
      const beta1 = momentum ?? spec.betas[0]
      const beta2 = spec.betas[1]
      return [
        -lr / (1 - beta1 ** step),
        1 - beta1,
        beta2,
        1 - beta2,
        1 / Math.sqrt(1 - beta2 ** step),
        spec.eps,
        decoupled ? 1 - lr * weightDecay : weightDecay,
      ]
    },
    code(locals) {
      const { target, gradient, slots, constants, scratch } = locals
      const [fresh, keep, take, decay] = [1, 2, 3, 6].map((i) => pick(constants, i))
      if (!fresh || !keep || !take || !decay) return []
      const mean = pick(slots, 0)
      const square = pick(slots, 1)
      return sequence(
        prepared(locals, spec.maximize, decays && !decoupled ? decay : null),
        mean.set(multiplyAdd(target, fresh.get, f32x4.sub(gradient.get, mean.get), mean.get)),
        mean.set(flushed(mean.get)),
        scratch.set(flushed(gradient.get, SMALLEST_SQUARED)),
        square.set(
          multiplyAdd(
            target,
            f32x4.mul(take.get, scratch.get),
            scratch.get,
            f32x4.mul(square.get, keep.get),
          ),
        ),
        square.set(flushed(square.get)),
        spec.amsgrad ? pick(slots, 2).set(flushed(f32x4.pmax(square.get, pick(slots, 2).get))) : [],
      )
    },
    finish({ target, value, slots, constants, scratch }) {
      const [size, correction, eps, decay] = [0, 4, 5, 6].map((i) => pick(constants, i))
      if (!size || !correction || !eps || !decay) return []
      const second = pick(slots, spec.amsgrad ? 2 : 1)
      return sequence(
        decays && decoupled ? value.set(f32x4.mul(value.get, decay.get)) : [],
        scratch.set(multiplyAdd(target, f32x4.sqrt(second.get), correction.get, eps.get)),
        value.set(
          f32x4.add(value.get, f32x4.div(f32x4.mul(size.get, pick(slots, 0).get), scratch.get)),
        ),
        value.set(flushed(value.get)),
      )
    },
  }
}

function adagradRule(spec: OptimizerSpecOf<'Adagrad'>): UpdateRule {
  return {
    slots: [{ name: 'sum', initial: spec.initialAccumulatorValue }],
    finish: null,
    usesValue: true,
    constantCount: 3,
    constants: ({ lr, weightDecay, step }) => [
      -lr / (1 + (step - 1) * spec.lrDecay),
      weightDecay,
      spec.eps,
    ],
    code(locals) {
      const { target, value, gradient, slots, constants, scratch } = locals
      const [rate, penalty, eps] = [0, 1, 2].map((i) => pick(constants, i))
      if (!rate || !penalty || !eps) return []
      const sum = pick(slots, 0)
      return sequence(
        prepared(locals, spec.maximize, penalty),
        scratch.set(flushed(gradient.get, SMALLEST_SQUARED)),
        sum.set(multiplyAdd(target, scratch.get, scratch.get, sum.get)),
        sum.set(flushed(sum.get)),
        value.set(
          f32x4.add(
            value.get,
            f32x4.div(f32x4.mul(rate.get, gradient.get), f32x4.add(f32x4.sqrt(sum.get), eps.get)),
          ),
        ),
        value.set(flushed(value.get)),
      )
    },
  }
}

function rmspropRule(spec: OptimizerSpecOf<'RMSprop'>): UpdateRule {
  const buffered = spec.momentum > 0
  const names = ['square_avg', ...(buffered ? ['momentum_buffer'] : [])]
  if (spec.centered) names.push('grad_avg')
  return {
    slots: names.map((name) => ({ name, initial: 0 })),
    finish: null,
    usesValue: true,
    constantCount: 6,
    constants: ({ lr, weightDecay, momentum }) => [
      -lr,
      weightDecay,
      spec.alpha,
      1 - spec.alpha,
      spec.eps,
      momentum ?? spec.momentum,
    ],
    code(locals) {
      const { target, value, gradient, slots, constants, scratch } = locals
      const [rate, penalty, keep, take, eps, momentum] = [0, 1, 2, 3, 4, 5].map((i) =>
        pick(constants, i),
      )
      if (!rate || !penalty || !keep || !take || !eps || !momentum) return []
      const square = pick(slots, 0)
      const average = spec.centered ? pick(slots, slots.length - 1) : null
      const quotient = f32x4.div(gradient.get, scratch.get)
      const buffer = buffered ? pick(slots, 1) : null
      return sequence(
        prepared(locals, spec.maximize, penalty),
        scratch.set(flushed(gradient.get, SMALLEST_SQUARED)),
        square.set(
          multiplyAdd(
            target,
            f32x4.mul(take.get, scratch.get),
            scratch.get,
            f32x4.mul(square.get, keep.get),
          ),
        ),
        square.set(flushed(square.get)),
        average === null
          ? scratch.set(square.get)
          : sequence(
              average.set(
                multiplyAdd(target, take.get, f32x4.sub(gradient.get, average.get), average.get),
              ),
              average.set(flushed(average.get)),
              scratch.set(f32x4.sub(square.get, f32x4.mul(average.get, average.get))),
            ),
        scratch.set(f32x4.add(f32x4.sqrt(scratch.get), eps.get)),
        buffer === null
          ? value.set(multiplyAdd(target, rate.get, quotient, value.get))
          : sequence(
              buffer.set(multiplyAdd(target, buffer.get, momentum.get, quotient)),
              buffer.set(flushed(buffer.get)),
              value.set(multiplyAdd(target, rate.get, buffer.get, value.get)),
            ),
        value.set(flushed(value.get)),
      )
    },
  }
}
