import { describe, expect, it } from 'vitest'
import { optimizerSchema, optimizerTypes } from '#core/spec/optimizers'
import { updateRule } from '../../../renderer/bench/update-rule'

function rule(spec: { readonly type: string; readonly [argument: string]: unknown }): string {
  return updateRule(optimizerSchema.parse(spec))
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n')
}

describe('the update rule', () => {
  it('is symbols and numbers alone, so that it reads the same in every language', () => {
    const names = /NewtonSchulz|BFGS|others: \w+|sign|max|min/g
    for (const type of optimizerTypes)
      expect(rule({ type }).replace(names, ''), type).not.toMatch(/\p{L}{3,}/u)
  })

  it('has the numbers of the spec', () => {
    expect(rule({ type: 'SGD', lr: 0.1, momentum: 0.9, weightDecay: 5e-4 })).toBe(
      'g = ∇L(θ) + 5e-4 · θ\nb ← 0.9 · b + g\nθ ← θ − 0.1 · b',
    )
  })

  it('shrinks the weights where the decay is decoupled, and leaves their gradient alone', () => {
    for (const type of ['Adam', 'NAdam', 'RAdam']) {
      const decoupled = rule({ type, lr: 0.1, weightDecay: 0.5, decoupledWeightDecay: true })
      expect(decoupled, type).toContain('g = ∇L(θ)\n')
      expect(decoupled, type).toContain('θ ← 0.95 · θ −')
      expect(rule({ type, lr: 0.1, weightDecay: 0.5 }), type).toContain('g = ∇L(θ) + 0.5 · θ')
    }
    expect(rule({ type: 'NAdam', weightDecay: 0.5, decoupledWeightDecay: true })).toContain('μ₊m̂')
    expect(rule({ type: 'Lion' })).toContain('θ ← θ −')
  })

  it('keeps the centred variance with momentum, the largest v with amsgrad', () => {
    expect(rule({ type: 'RMSprop', centered: true, momentum: 0.9 })).toContain('√v̄')
    expect(rule({ type: 'AdamW', amsgrad: true })).toContain('v̄ ← max(v̄, v)')
    expect(rule({ type: 'AdamW' })).not.toContain('max')
  })
})
