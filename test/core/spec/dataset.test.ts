import { describe, expect, it } from 'vitest'
import { datasetSchema } from '#core/spec/dataset'

describe('datasetSchema', () => {
  it('fills in the whole of MNIST with the usual normalisation', () => {
    expect(datasetSchema.parse({})).toEqual({
      name: 'mnist',
      trainSize: 60000,
      valSize: 0,
      normalize: { mean: 0.1307, std: 0.3081 },
      augment: null,
    })
  })

  it('fills in the distortions that are left out', () => {
    const { augment } = datasetSchema.parse({ augment: { rotate: 10, elastic: {} } })
    expect(augment).toEqual({
      shift: 0,
      rotate: 10,
      scale: 0,
      shear: 0,
      elastic: { alpha: 34, sigma: 4 },
    })
  })

  it.each([
    ['valSize', { trainSize: 100, valSize: 100 }],
    ['trainSize', { trainSize: 60001 }],
    ['trainSize', { trainSize: 1.5 }],
    ['normalize.std', { normalize: { std: 0 } }],
    ['augment.scale', { augment: { scale: 1 } }],
    ['augment.elastic.sigma', { augment: { elastic: { sigma: 0 } } }],
    ['', { colour: true }],
  ])('names the field %s that is wrong', (path, document) => {
    const parsed = datasetSchema.safeParse(document)
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })
})
