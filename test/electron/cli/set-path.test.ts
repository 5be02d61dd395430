import { describe, expect, it } from 'vitest'
import { setPath } from '../../../electron/cli/set-path'

const document = {
  optimizer: { type: 'Adam', lr: 0.001, betas: [0.9, 0.999] },
  model: { layers: [{ type: 'Linear', outFeatures: 128 }] },
  scheduler: null,
}

describe('--set path=value', () => {
  it.each([
    ['optimizer.lr=0.01', { optimizer: { type: 'Adam', lr: 0.01, betas: [0.9, 0.999] } }],
    ['model.layers.0.outFeatures=64', { model: { layers: [{ outFeatures: 64 }] } }],
    ['name=my run', { name: 'my run' }],
    ['training.batchSize=full', { training: { batchSize: 'full' } }],
    ['dataset.augment=null', { dataset: { augment: null } }],
    ['scheduler.type=StepLR', { scheduler: { type: 'StepLR' } }],
  ])('%s', (assignment, expected) => {
    expect(setPath(document, assignment)).toMatchObject({ ok: true, value: expected })
  })

  it('an index one past the end appends', () => {
    const changed = setPath(document, 'model.layers.1={"type":"ReLU"}')
    expect(changed).toMatchObject({
      ok: true,
      value: { model: { layers: [{ type: 'Linear' }, { type: 'ReLU' }] } },
    })
  })

  it('a new type drops the fields of the old one', () => {
    const changed = setPath(document, 'optimizer.type=SGD')
    expect(changed.ok && changed.value).toHaveProperty('optimizer', { type: 'SGD' })
  })

  it('the same type keeps them', () => {
    const changed = setPath(document, 'optimizer.type=Adam')
    expect(changed).toEqual({ ok: true, value: document })
  })

  it('leaves the document it was given alone', () => {
    const before = structuredClone(document)
    setPath(document, 'optimizer.lr=5')
    expect(document).toEqual(before)
  })

  it.each([
    ['optimizer.lr', 'path=value'],
    ['=3', 'path=value'],
    ['model.layers.7.outFeatures=3', 'an index from 0 to 1'],
    ['optimizer.lr.deep=3', 'has no fields'],
    ['__proto__.polluted=1', 'not a path'],
  ])('refuses %s', (assignment, reason) => {
    const changed = setPath(document, assignment)
    expect(changed.ok ? '' : changed.error).toContain(reason)
  })
})
