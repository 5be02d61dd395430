import type { OptimizerSpec } from '#core/spec/optimizers'
import { numberText } from '../kit/number-text'

/** A piece of a formula: plain symbols, or a present number of the spec. */
export interface FormulaPart {
  readonly text: string
  readonly isValue: boolean
}
type Line = readonly FormulaPart[]

/** The update of `spec` with its present numbers, in PyTorch's order; g is the gradient, θ the weights. */
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
    case 'NAdam':
    case 'RAdam':
      return [
        moments(spec.betas),
        decayed(spec) > 0 && (spec.type === 'AdamW' || spec.decoupledWeightDecay)
          ? line`θ ← ${1 - spec.lr * spec.weightDecay} · θ − ${spec.lr} · m̂ / (√v̂ + ${spec.eps})`
          : spec.type === 'NAdam'
            ? line`θ ← θ − ${spec.lr} · (μ₊m̂ + (1−μ)ĝ) / (√v̂ + ${spec.eps})`
            : spec.type === 'RAdam'
              ? line`θ ← θ − ${spec.lr} · r · m̂ / (√v̂ + ${spec.eps})`
              : line`θ ← θ − ${spec.lr} · m̂ / (√v̂ + ${spec.eps})`,
      ]
    case 'Adamax':
      return [
        line`m ← ${spec.betas[0]} · m + ${1 - spec.betas[0]} · g   u ← max(${spec.betas[1]} · u, |g| + ${spec.eps})`,
        line`θ ← θ − ${spec.lr} / (1 − ${spec.betas[0]}ᵗ) · m / u`,
      ]
    case 'Adagrad':
      return [
        line`s ← s + g²`,
        line`θ ← θ − ${spec.lr} / (1 + (t−1) · ${spec.lrDecay}) · g / (√s + ${spec.eps})`,
      ]
    case 'Adadelta':
      return [
        line`v ← ${spec.rho} · v + ${1 - spec.rho} · g²   Δ = √(u + ${spec.eps}) / √(v + ${spec.eps}) · g`,
        line`u ← ${spec.rho} · u + ${1 - spec.rho} · Δ²   θ ← θ − ${spec.lr} · Δ`,
      ]
    case 'RMSprop':
      return [
        line`v ← ${spec.alpha} · v + ${1 - spec.alpha} · g²${spec.centered ? '   v̄ = v − ḡ²' : ''}`,
        spec.momentum > 0
          ? line`b ← ${spec.momentum} · b + g / (√v + ${spec.eps})   θ ← θ − ${spec.lr} · b`
          : line`θ ← θ − ${spec.lr} · g / (√${spec.centered ? 'v̄' : 'v'} + ${spec.eps})`,
      ]
    case 'Rprop':
      return [
        line`Δ ← Δ · ${spec.etas[1]} where g keeps its sign, Δ · ${spec.etas[0]} where it turns`,
        line`${spec.stepSizes[0]} ≤ Δ ≤ ${spec.stepSizes[1]}   θ ← θ − sign(g) · Δ`,
      ]
    case 'ASGD':
      return [
        line`η = ${spec.lr} / (1 + ${spec.lambd} · ${spec.lr} · t)^${spec.alpha}`,
        line`θ ← (1 − ${spec.lambd} · η) · θ − η · g   θ̄ ← mean of θ after t = ${spec.t0}`,
      ]
    case 'LBFGS':
      return [line`θ ← θ − ${spec.lr} · H g   H from the last ${spec.historySize} steps`]
    case 'Adafactor':
      return [
        line`v ← (1 − t^${spec.beta2Decay}) · v + t^${spec.beta2Decay} · g², kept as row and column`,
        line`θ ← θ − ${spec.lr} · ‖θ‖ · clip(g / √v, ${spec.d})`,
      ]
    case 'Lion':
      return [
        line`θ ← ${1 - spec.lr * spec.weightDecay} · θ − ${spec.lr} · sign(${spec.betas[0]} · m + ${1 - spec.betas[0]} · g)`,
        line`m ← ${spec.betas[1]} · m + ${1 - spec.betas[1]} · g`,
      ]
    case 'Muon':
      return [
        line`B ← ${spec.momentum} · B + G   O = NewtonSchulz(${spec.nesterov ? `G + ${numberText(spec.momentum)} · B` : 'B'}, ${spec.nsSteps})`,
        line`W ← ${1 - spec.lr * spec.weightDecay} · W − ${spec.lr} · s · O   others: ${spec.others.type}`,
      ]
  }
}

/** g, where the spec changes it before the update proper. */
function gradientLine(spec: OptimizerSpec): readonly Line[] {
  const sign = 'maximize' in spec && spec.maximize ? '−∇L' : '∇L'
  const decoupled =
    ['AdamW', 'Lion', 'Muon', 'Adafactor'].includes(spec.type) ||
    ('decoupledWeightDecay' in spec && spec.decoupledWeightDecay)
  const decay = decoupled ? 0 : decayed(spec)
  if (decay === 0 && sign === '∇L') return [line`g = ∇L(θ)`]
  return [decay === 0 ? line`g = ${sign}(θ)` : line`g = ${sign}(θ) + ${decay} · θ`]
}

function decayed(spec: OptimizerSpec): number {
  return 'weightDecay' in spec ? spec.weightDecay : 0
}

function moments([first, second]: readonly [number, number]): Line {
  return line`m ← ${first} · m + ${1 - first} · g   v ← ${second} · v + ${1 - second} · g²`
}

/** Numbers become values, words stay symbols. */
function line(words: TemplateStringsArray, ...values: readonly (number | string)[]): Line {
  return words.flatMap((text, i) => {
    const value = values[i]
    const parts = text === '' ? [] : [{ text, isValue: false }]
    if (value === undefined) return parts
    return typeof value === 'number'
      ? [...parts, { text: numberText(Number(value.toPrecision(6))), isValue: true }]
      : [...parts, { text: value, isValue: false }]
  })
}
