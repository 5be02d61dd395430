/* Losses that are a sum over the elements of a row: terms of x (the output), t (1 for the label's class, else 0) and c (the class). */
import type { LossSpec } from '#core/spec/losses'
import { classTable } from './class-table'
import { f32, type Piece } from './piece'

type TermSpec = Exclude<LossSpec, { type: 'CrossEntropyLoss' | 'NLLLoss' | 'MultiMarginLoss' }>

/** Expressions over x, t and c. */
interface Term {
  readonly value: string
  readonly derivative: string
  /** Declarations of both. */
  readonly tables: string
  readonly uses: readonly Piece[]
}

export function lossTerm(spec: TermSpec): Term {
  switch (spec.type) {
    case 'BCEWithLogitsLoss':
      return {
        ...plain(
          `classWeight(c) * (select(x, 0.0, t == 1) + select(1.0, positiveWeight(c), t == 1) *
      (logOnePlus(exponential(-abs(x))) + max(-x, 0.0)))`,
          'classWeight(c) * select(logistic(x), -positiveWeight(c) * logistic(-x), t == 1)',
        ),
        tables: `${classTable('classWeight', spec.weight)}
${classTable('positiveWeight', spec.posWeight)}`,
      }
    case 'BCELoss':
      return {
        ...plain(
          '-classWeight(c) * boundedLog(select(1 - x, x, t == 1), select(-x, x - 1, t == 1))',
          'classWeight(c) * (x - t) / max((1 - x) * x, 1e-12)',
        ),
        tables: classTable('classWeight', spec.weight),
        uses: [boundedLog],
      }
    case 'MSELoss':
      return plain('(x - t) * (x - t)', '2 * (x - t)')
    case 'L1Loss':
      return absolute
    case 'SmoothL1Loss':
      return spec.beta === 0 ? absolute : smoothAbsolute(spec.beta)
    case 'HuberLoss':
      return huber(spec.delta)
    case 'KLDivLoss':
      return spec.logTarget
        ? plain('exponential(t) * (t - x)', '-exponential(t)')
        : plain('-t * x', '-t')
    case 'GaussianNLLLoss':
      return gaussian(spec)
    case 'PoissonNLLLoss':
      return poisson(spec)
  }
}

function plain(value: string, derivative: string): Term {
  return { value, derivative, tables: '', uses: [] }
}

const absolute = plain('abs(x - t)', 'sign(x - t)')

function smoothAbsolute(beta: number): Term {
  const b = f32(beta)
  return plain(
    `select(abs(x - t) - 0.5 * ${b}, 0.5 * (x - t) * (x - t) / ${b}, abs(x - t) < ${b})`,
    `select(sign(x - t), (x - t) / ${b}, abs(x - t) < ${b})`,
  )
}

function huber(delta: number): Term {
  const d = f32(delta)
  return plain(
    `select(${d} * (abs(x - t) - 0.5 * ${d}), 0.5 * (x - t) * (x - t), abs(x - t) <= ${d})`,
    `clamp(x - t, -${d}, ${d})`,
  )
}

function gaussian({ variance, full, eps }: Extract<LossSpec, { type: 'GaussianNLLLoss' }>): Term {
  const v = Math.max(variance, eps)
  const constant = 0.5 * Math.log(v) + (full ? 0.5 * Math.log(2 * Math.PI) : 0)
  return plain(`${f32(constant)} + 0.5 * (x - t) * (x - t) / ${f32(v)}`, `(x - t) / ${f32(v)}`)
}

/** Stirling's term is for targets above 1, which no label has. */
function poisson({ logInput, eps }: Extract<LossSpec, { type: 'PoissonNLLLoss' }>): Term {
  return logInput
    ? plain('exponential(x) - t * x', 'exponential(x) - t')
    : {
        ...plain(
          `x - t * boundedLog(x + ${f32(eps)}, x + ${f32(eps - 1)})`,
          `1 - t / (x + ${f32(eps)})`,
        ),
        uses: [boundedLog],
      }
}

/** fn boundedLog(x, less): max(log x, -100), `less` being x - 1; NaN below 0. WGSL's log is inaccurate near 1. */
const boundedLog: Piece = {
  code: `
fn boundedLog(x: f32, less: f32) -> f32 {
  var notANumber = 0x7fc00000u;
  if (!(x >= 0)) { return bitcast<f32>(notANumber); }
  if (x == 0) { return -100.0; }
  return max(select(log(x), logOnePlus(less), less >= -0.5 && less <= 1), -100.0);
}`,
}
