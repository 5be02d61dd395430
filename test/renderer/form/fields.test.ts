import { describe, expect, it } from 'vitest'
import { optimizerSchema } from '#core/spec/optimizers'
import { layerSchema } from '#core/spec/layers'
import { fieldsOf, limitProblem } from '../../../renderer/form/fields'
import { updateRule } from '../../../renderer/bench/update-rule'
import { startScheduler } from '../../../renderer/bench/scheduler-start'
import { scheduledRates } from '../../../renderer/bench/scheduled-rates'
import { presetById } from '#core/spec/presets'
import { initSchema } from '#core/spec/init'
import { lossSchema } from '#core/spec/losses'
import { runSpecSchema } from '#core/spec/run-spec'
import { lrExpressionSchema, schedulerSchema, schedulerTypes } from '#core/spec/schedulers'
import { averagingSchema, earlyStoppingSchema, trainingSchema } from '#core/spec/training'
import { en } from '../../../renderer/i18n/en'

function fieldsNamed(type: string) {
  const schema = optimizerSchema.options.find((option) => option.shape.type.value === type)
  if (schema === undefined) throw new Error(`no optimizer ${type}`)
  return fieldsOf(schema)
}

describe('fields of a schema', () => {
  it('reads what Adam takes', () => {
    const fields = fieldsNamed('Adam')
    expect(fields.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      'lr: number',
      'betas: numbers',
      'eps: number',
      'amsgrad: flag',
      'maximize: flag',
      'paramGroups: other',
      'weightDecay: number',
      'decoupledWeightDecay: flag',
    ])
  })

  it('every optimizer and every layer has fields that a form can hold, besides a known few', () => {
    const schemas = [...optimizerSchema.options, ...layerSchema.options]
    const rich = schemas.flatMap((schema) =>
      fieldsOf(schema).filter(({ kind }) => kind === 'other'),
    )
    expect([...new Set(rich.map(({ name }) => name))].sort()).toEqual([
      'init',
      'layers',
      'others',
      'paramGroups',
    ])
  })

  it('says what is wrong with a number', () => {
    const [lr] = fieldsNamed('Adam')
    if (lr?.kind !== 'number') throw new Error('lr is no number field')
    expect(limitProblem(lr, 0.1)).toBeNull()
    expect(limitProblem(lr, -1)).toEqual({ key: 'atLeast', limit: 0 })
    expect(limitProblem(lr, Number.NaN)?.key).toBe('number')
    expect(limitProblem(lr, null)?.key).toBe('number')
  })
})

describe('the optimizer panel', () => {
  it('writes an update rule with present numbers for every optimizer', () => {
    for (const { shape } of optimizerSchema.options) {
      const spec = optimizerSchema.parse({ type: shape.type.value })
      const lines = updateRule(spec)
      expect(lines.length).toBeGreaterThan(1)
      expect(
        lines.flat().some(({ isValue }) => isValue),
        shape.type.value,
      ).toBe(true)
    }
  })

  it('starts every scheduler, for short runs and long ones, and draws its curve', () => {
    for (const epochs of [1, 2, 10])
      for (const type of schedulerTypes) {
        const starter = presetById('starter')
        const spec = { ...starter, training: { ...starter.training, epochs } }
        const started = runSpecSchema.parse({ ...spec, scheduler: startScheduler(type, spec) })
        const rates = scheduledRates(started)
        expect(
          rates?.rates.flat().every((rate) => Number.isFinite(rate) && rate >= 0),
          type,
        ).toBe(true)
      }
  })
})

describe('glosses', () => {
  it('every argument that a form shows has one in both languages', () => {
    const schemas = [
      ...optimizerSchema.options,
      ...schedulerSchema.unwrap().options,
      ...lrExpressionSchema.options,
      ...layerSchema.options,
      ...lossSchema.options,
      ...initSchema.options,
      ...averagingSchema.options,
      earlyStoppingSchema,
      trainingSchema,
    ]
    const names = schemas.flatMap((schema) =>
      fieldsOf(schema).flatMap(({ kind, name }) => (kind === 'other' ? [] : [name])),
    )
    const missing = [...new Set(names)].filter((name) => !(name in en.gloss))
    expect(missing).toEqual([])
  })
})
