import { expect, it } from 'vitest'
import { presetById, type PresetId } from '#core/spec/presets'
import { depthProfile } from '#core/training/depth-profile'
import { depthTrends } from '#core/training/depth-trend'
import { readMnist } from '../../mnist'

const dataset = readMnist()

/** Factor by which the deviations change from the first Linear layer to the last hidden one, per layer. */
function growth(id: PresetId) {
  const linear = depthProfile(presetById(id), dataset, 32).filter(({ type }) => type === 'Linear')
  const [first, last] = [linear.at(0), linear.at(-2)]
  const ratio = (key: 'activationVariance' | 'gradientVariance') =>
    Math.sqrt((last?.[key] ?? 0) / (first?.[key] ?? 1)) ** (1 / (linear.length - 2))
  return { activations: ratio('activationVariance'), gradients: ratio('gradientVariance') }
}

it('ten sigmoid layers keep the signal forwards and lose the gradient backwards', () => {
  const { activations, gradients } = growth('deep-sigmoid')
  expect(activations).toBeGreaterThan(0.8)
  expect(gradients).toBeGreaterThan(5)
})

it('weights of deviation 1 blow up the signal forwards and the gradient backwards', () => {
  const { activations, gradients } = growth('exploding-relu')
  expect(activations).toBeGreaterThan(2)
  expect(gradients).toBeLessThan(0.5)
})

it('lists every layer with finite variances', () => {
  const profile = depthProfile(presetById('starter'), dataset, 16)
  expect(profile.map(({ layer, type }) => `${layer} ${type}`)).toEqual([
    '0 Linear',
    '1 ReLU',
    '2 Linear',
  ])
  expect(profile.every((it) => it.activationVariance > 0 && it.gradientVariance > 0)).toBe(true)
})

it('is put into words: what keeps its size, what vanishes, what explodes, what overflows', () => {
  const trends = (id: PresetId) => depthTrends(depthProfile(presetById(id), dataset, 32))
  expect(trends('starter')).toMatchObject({
    activations: { kind: 'keeps' },
    gradients: { kind: 'keeps' },
  })
  expect(trends('deep-sigmoid').gradients.kind).toBe('shrinks')
  expect(trends('exploding-relu')).toMatchObject({
    activations: { kind: 'grows' },
    gradients: { kind: 'grows' },
  })
  const lost = { layer: '0', type: 'Linear', activationVariance: null, gradientVariance: 1 }
  expect(depthTrends([lost]).activations).toEqual({ kind: 'overflows', factorPerLayer: null })
  expect(depthTrends([lost]).gradients).toEqual({ kind: 'keeps', factorPerLayer: null })
})
