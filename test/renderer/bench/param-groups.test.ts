import { describe, expect, it } from 'vitest'
import { optimizerSchema, optimizerTypes, type OptimizerSpec } from '#core/spec/optimizers'
import { presetById } from '#core/spec/presets'
import {
  changeOptimizer,
  newGroup,
  targetOf,
  trainedLayers,
  withTarget,
} from '../../../renderer/bench/param-groups'

const spec = presetById('starter')
const layers = trainedLayers(spec)

describe('parameter groups', () => {
  it('can be for the layers that have something to train', () => {
    expect(layers.map(({ index, type }) => `${index} ${type}`)).toEqual(['0 Linear', '2 Linear'])
  })

  it('begin with no decay on biases and norms where the optimizer decays, then with a layer each', () => {
    const optimizer = { lr: 0.1, decays: true, matricesOnly: false }
    const first = newGroup([], layers, optimizer)
    expect(first).toEqual({ match: { kind: 'biasesAndNorms' }, weightDecay: 0 })
    const second = newGroup([first], layers, optimizer)
    expect(second).toEqual({ match: { kind: 'layer', layer: 0 }, lr: 0.01 })
    expect(targetOf(newGroup([first, second], layers, optimizer))).toBe('layer:2')
  })

  it('keep their values when they are given to other parameters', () => {
    const group = withTarget({ match: { kind: 'biasesAndNorms' }, lr: 1 }, 'layer:2')
    expect(group).toEqual({ match: { kind: 'layer', layer: 2 }, lr: 1 })
  })

  it('survive a change of the optimizer as far as it can take them', () => {
    const present: OptimizerSpec = optimizerSchema.parse({
      type: 'AdamW',
      paramGroups: [
        { match: { kind: 'biasesAndNorms' }, weightDecay: 0 },
        { match: { kind: 'layer', layer: 0 }, lr: 1e-4, weightDecay: 0 },
      ],
    })
    for (const type of optimizerTypes) {
      const next = changeOptimizer(present, type)
      expect(optimizerSchema.safeParse(next).success, type).toBe(true)
    }
    expect(changeOptimizer(present, 'SGD').paramGroups).toEqual(present.paramGroups)
    expect(changeOptimizer(present, 'Rprop').paramGroups).toEqual([
      { match: { kind: 'layer', layer: 0 }, lr: 1e-4 },
    ])
    expect(changeOptimizer(present, 'LBFGS').paramGroups).toEqual([])
    expect(changeOptimizer(present, 'Muon').paramGroups).toHaveLength(1)
  })
})
