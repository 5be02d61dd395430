import { describe, expect, it } from 'vitest'
import { problemTexts } from '#core/spec/problem-texts'
import { placeOf } from '../../../renderer/network/place-of'
import { windowWords } from '../../../renderer/form/window-words'
import { problems } from '../../../renderer/i18n/zh-cn/problems'

const words = (sentence: string) => windowWords(sentence, { valSize: 'validation' })

describe('a sentence about the document', () => {
  it('has the names of the form, which are those of torch', () => {
    expect(words(problemTexts.momentumFromZero)).toContain(
      'though momentum is 0: switch cycle_momentum off',
    )
    expect(words('请移到 optimizer.others.paramGroups')).toBe('请移到 others.param_groups')
    expect(words('set tMax to the number of epochs')).toBe('set T_max to the number of epochs')
  })

  it('names a field that has a word by that word, and choices as they are', () => {
    expect(words('no valLoss: set dataset.valSize (5000 is usual), or watch trainLoss')).toBe(
      'no valLoss: set validation (5000 is usual), or watch trainLoss',
    )
  })

  it('leaves no camel case in any problem, in either language', () => {
    for (const text of [...Object.values(problemTexts), ...Object.values(problems.problem)]) {
      const plain = text.replace(/\{\w+\}/g, 'X').replace(/valLoss|valAccuracy|trainLoss/g, '')
      expect(words(plain)).not.toMatch(/\b[a-z]+[A-Z]/)
    }
  })
})

describe('the place of a problem', () => {
  const layers = [{ type: 'ReLU' }, { type: 'Softmax', dim: 1 }] as const

  it('is the layer, the argument, or the loss', () => {
    expect(placeOf('model.layers.1', layers, 'loss')).toBe('1 Softmax')
    expect(placeOf('loss.labelSmoothing', layers, 'loss')).toBe('label_smoothing')
    expect(placeOf('loss.type', layers, '损失')).toBe('损失')
  })
})
