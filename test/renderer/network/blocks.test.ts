import { describe, expect, it } from 'vitest'
import type { LayerSpec } from '#core/spec/layers'
import { presetById } from '#core/spec/presets'
import {
  blocksOf,
  duplicateBlock,
  insertBlock,
  layerOf,
  moveBlock,
  removeBlock,
  setPart,
} from '../../../renderer/network/blocks'
import { networkFacts } from '../../../renderer/network/network-facts'

const { layers } = presetById('starter').model
const typesOf = (list: readonly LayerSpec[]) => list.map(({ type }) => type)

function firstBlock(list: readonly LayerSpec[]) {
  const [block] = blocksOf(list)
  if (block === undefined) throw new Error('no block')
  return block
}

describe('blocks', () => {
  it('a Linear layer takes what follows it', () => {
    const list = ['Linear', 'BatchNorm1d', 'ReLU', 'Dropout', 'Linear'] as const
    const blocks = blocksOf(list.map((type) => layerOf(type)))
    expect(blocks.map(({ start, end }) => [start, end])).toEqual([
      [0, 4],
      [4, 5],
    ])
  })

  it('a second activation stands alone', () => {
    const blocks = blocksOf([layerOf('Linear'), layerOf('ReLU'), layerOf('Tanh')])
    expect(blocks.map(({ linear }) => linear)).toEqual([0, null])
  })

  it('parts go in the usual order', () => {
    const dropped = setPart(layers, firstBlock(layers), 'dropout', layerOf('Dropout'))
    const both = setPart(dropped, firstBlock(dropped), 'norm', layerOf('LayerNorm'))
    expect(typesOf(both)).toEqual(['Linear', 'LayerNorm', 'ReLU', 'Dropout', 'Linear'])
  })

  it('an activation is exchanged in its place and taken out', () => {
    const tanh = setPart(layers, firstBlock(layers), 'activation', layerOf('Tanh'))
    expect(typesOf(tanh)).toEqual(['Linear', 'Tanh', 'Linear'])
    expect(typesOf(setPart(tanh, firstBlock(tanh), 'activation', null))).toEqual([
      'Linear',
      'Linear',
    ])
  })

  it('a new block is like the one before it', () => {
    expect(insertBlock(layers, 1).slice(2, 4)).toEqual(layers.slice(0, 2))
  })

  it('blocks move, double and go as a whole', () => {
    const list = insertBlock(layers, 0)
    expect(moveBlock(list, 0, 1).slice(0, 2)).toEqual(layers.slice(0, 2))
    expect(typesOf(duplicateBlock(layers, 0))).toEqual([
      'Linear',
      'ReLU',
      'Linear',
      'ReLU',
      'Linear',
    ])
    expect(typesOf(removeBlock(layers, 0))).toEqual(['Linear'])
  })
})

describe('the facts of a network', () => {
  it('counts the starter as everyone does', () => {
    const facts = networkFacts(presetById('starter'))
    expect(facts.parameters).toBe(101_770)
    expect(facts.layers.map(({ outFeatures }) => outFeatures)).toEqual([128, 128, 10])
  })
})
