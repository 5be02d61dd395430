import type { OptimizerSpec } from '#core/spec/optimizers'
import { numberText } from '../kit/number-text'

/** A piece of a formula: plain symbols, or a present number of the spec. */
export interface FormulaPart {
  readonly text: string
  readonly isValue: boolean
}
type Line = readonly FormulaPart[]

/** The update of `spec` with its present numbers, in PyTorch's order and in symbols alone; g is the gradient, θ the weights. */
export function updateRule(spec: OptimizerSpec): readonly Line[] {
  return [...gradientLine(spec), ...ownLines(spec)]
}

function ownLines(spec: OptimizerSpec): readonly Line[] {
  switch (spec.type) {
    case 'SGD':
      if (spec.momentum === 0) return [line`θ ← θ − ${spec.lr} · g`]
      return [
        spec.dampening === 0
          ? line`b ← ${spec.momentum} · b + g`
          : line`b ← ${spec.momentum} · b + ${1 - spec.dampening} · g`,
        spec.nesterov
          ? line`θ ← θ − ${spec.lr} · (g + ${spec.momentum} · b)`
          : line`θ ← θ − ${spec.lr} · b`,
      ]
    case 'Adam':
    case 'AdamW':
      return [
        moments(spec.betas),
        ...(spec.amsgrad ? [line`v̄ ← max(v̄, v)   v̂ = v̄ / (1 − ${spec.betas[1]}ᵗ)`] : []),
        line`θ ← ${kept(spec)}θ − ${spec.lr} · m̂ / (√v̂ + ${spec.eps})`,
      ]
    case 'NAdam':
      return [
        moments(spec.betas),
        line`μ = ${spec.betas[0]} · (1 − 0.5 · 0.96^(${spec.momentumDecay} · t))`,
        line`θ ← ${kept(spec)}θ − ${spec.lr} · (μ₊m̂ + (1−μ)ĝ) / (√v̂ + ${spec.eps})`,
      ]
    case 'RAdam':
      return [
        moments(spec.betas),
        line`θ ← ${kept(spec)}θ − ${spec.lr} · r · m̂ · √(1 − ${spec.betas[1]}ᵗ) / (√v + ${spec.eps})`,
      ]
    case 'Adamax':
      return [
        line`m ← ${spec.betas[0]} · m + ${1 - spec.betas[0]} · g   u ← max(${spec.betas[1]} · u, |g| + ${spec.eps})`,
        line`θ ← θ − ${spec.lr} / (1 − ${spec.betas[0]}ᵗ) · m / u`,
      ]
    case 'Adagrad':
      return [
        line`s ← s + g²`,
        spec.lrDecay === 0
          ? line`θ ← θ − ${spec.lr} · g / (√s + ${spec.eps})`
          : line`θ ← θ − ${spec.lr} / (1 + (t−1) · ${spec.lrDecay}) · g / (√s + ${spec.eps})`,
      ]
    case 'Adadelta':
      return [
        line`v ← ${spec.rho} · v + ${1 - spec.rho} · g²   Δ = √(u + ${spec.eps}) / √(v + ${spec.eps}) · g`,
        line`u ← ${spec.rho} · u + ${1 - spec.rho} · Δ²   θ ← θ − ${spec.lr} · Δ`,
      ]
    case 'RMSprop': {
      const variance = spec.centered ? 'v̄' : 'v'
      return [
        line`v ← ${spec.alpha} · v + ${1 - spec.alpha} · g²${spec.centered ? '   v̄ = v − ḡ²' : ''}`,
        spec.momentum > 0
          ? line`b ← ${spec.momentum} · b + g / (√${variance} + ${spec.eps})   θ ← θ − ${spec.lr} · b`
          : line`θ ← θ − ${spec.lr} · g / (√${variance} + ${spec.eps})`,
      ]
    }
    case 'Rprop':
      return [
        line`g·g₋₁ > 0:  Δ ← ${spec.etas[1]} · Δ     g·g₋₁ < 0:  Δ ← ${spec.etas[0]} · Δ,  g ← 0`,
        line`${spec.stepSizes[0]} ≤ Δ ≤ ${spec.stepSizes[1]}   θ ← θ − sign(g) · Δ`,
      ]
    case 'ASGD':
      return [
        line`η = ${spec.lr} / (1 + ${spec.lambd} · ${spec.lr} · t)^${spec.alpha}   μ = 1 / max(1, t − ${spec.t0})`,
        line`θ ← (1 − ${spec.lambd} · η) · θ − η · g   θ̄ ← θ̄ + μ · (θ − θ̄)`,
      ]
    case 'LBFGS':
      return [line`θ ← θ − ${spec.lr} · H · g   H = BFGS(s, y)   s, y: t − ${spec.historySize} … t`]
    case 'Adafactor':
      return [
        line`v ← β · v + (1 − β) · g²   β = 1 − t^${spec.beta2Decay}   u = g / √v`,
        line`θ ← ${kept(spec)}θ − min(${spec.lr}, 1/√t) · max(${spec.eps[1]}, ‖θ‖) · u / max(1, ‖u‖ / ${spec.d})`,
      ]
    case 'Lion':
      return [
        line`θ ← ${kept(spec)}θ − ${spec.lr} · sign(${spec.betas[0]} · m + ${1 - spec.betas[0]} · g)`,
        line`m ← ${spec.betas[1]} · m + ${1 - spec.betas[1]} · g`,
      ]
    case 'Muon':
      return [
        line`B ← ${spec.momentum} · B + ${1 - spec.momentum} · G   O = NewtonSchulz(${spec.nesterov ? line`${1 - spec.momentum} · G + ${spec.momentum} · B` : 'B'}, ${spec.nsSteps})`,
        line`W ← ${kept(spec)}W − ${spec.lr} · s · O   others: ${spec.others.type}`,
      ]
  }
}

/** g, where the spec changes it before the update proper. */
function gradientLine(spec: OptimizerSpec): readonly Line[] {
  const sign = 'maximize' in spec && spec.maximize ? '−∇L' : '∇L'
  const decay = isDecoupled(spec) ? 0 : decayed(spec)
  if (decay === 0 && sign === '∇L') return [line`g = ∇L(θ)`]
  return [decay === 0 ? line`g = ${sign}(θ)` : line`g = ${sign}(θ) + ${decay} · θ`]
}

/** What a decoupled decay leaves of the weights before each step: "0.99 · ". */
function kept(spec: OptimizerSpec): Line {
  return isDecoupled(spec) && decayed(spec) > 0 ? line`${1 - spec.lr * decayed(spec)} · ` : []
}

function isDecoupled(spec: OptimizerSpec): boolean {
  return (
    ['AdamW', 'Lion', 'Muon', 'Adafactor'].includes(spec.type) ||
    ('decoupledWeightDecay' in spec && spec.decoupledWeightDecay)
  )
}

function decayed(spec: OptimizerSpec): number {
  return 'weightDecay' in spec ? spec.weightDecay : 0
}

function moments([first, second]: readonly [number, number]): Line {
  return line`m ← ${first} · m + ${1 - first} · g   v ← ${second} · v + ${1 - second} · g²`
}

/** Numbers become values, words stay symbols, lines are set in. */
function line(words: TemplateStringsArray, ...values: readonly (number | string | Line)[]): Line {
  return words.flatMap((text, i) => {
    const value = values[i]
    const parts = text === '' ? [] : [{ text, isValue: false }]
    if (value === undefined) return parts
    if (typeof value === 'string') return [...parts, { text: value, isValue: false }]
    return typeof value === 'number'
      ? [...parts, { text: numberText(Number(value.toPrecision(6))), isValue: true }]
      : [...parts, ...value]
  })
}
