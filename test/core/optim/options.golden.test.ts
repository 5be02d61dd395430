import { describe, expect, it } from 'vitest'
import { baseMomentumOf } from '#core/optim/momentum'
import { Optimizer } from '#core/optim/optimizer'
import { createSchedule } from '#core/optim/schedule'
import type { OptimizerType } from '#core/spec/optimizers'
import { intervalOf, schedulerSchema } from '#core/spec/schedulers'
import golden from '../../golden/optim-options.json'
import {
  distance,
  float32,
  float64,
  stepwise,
  transposedParameters,
  quadraticParameters,
  writeGradients,
} from './quadratic'

const cases = golden.numbers.map((entry) => {
  const scheduler = 'scheduler' in entry ? entry.scheduler : null
  const name = [
    entry.dtype,
    JSON.stringify(entry.spec),
    ...(scheduler === null ? [] : ['with', scheduler.type]),
    ...(entry.tall ? ['tall'] : []),
  ]
  return { ...entry, scheduler, name: name.join(' ') }
})

describe('the options of torch.optim, in golden/optim-options.json', () => {
  it.each(cases)('$name', ({ spec: input, dtype, tall, steps, values, scheduler }) => {
    const spec = stepwise(input)
    const make = dtype === 'float64' ? float64 : float32
    const all = tall ? transposedParameters(make) : quadraticParameters(make)
    const parameters = all.slice(0, values.length)
    const schedulerSpec = schedulerSchema.parse(scheduler)
    const perBatch = schedulerSpec !== null && intervalOf(schedulerSpec) === 'batch'
    const schedule = createSchedule(schedulerSpec, {
      baseLrs: [spec.lr],
      baseMomentum: baseMomentumOf(spec),
      epochs: perBatch ? 1 : steps,
      stepsPerEpoch: perBatch ? steps : 1,
    })
    const optimizer = new Optimizer(spec, parameters, make, schedule.rates().momentum)
    for (let step = 1; step <= steps; step++) {
      writeGradients(parameters, step)
      const { lrs, momentum } = schedule.rates()
      optimizer.step(lrs, momentum)
      schedule.onBatch()
      if (!perBatch) schedule.onEpoch()
    }
    const worst = Math.max(...parameters.map(({ value }, p) => distance(value, values[p] ?? [])))
    expect(worst).toBeLessThan(tolerance(spec.type, dtype))
  })
})

/** Muon rounds to bfloat16 within; the others differ by single roundings. */
function tolerance(type: OptimizerType, dtype: string): number {
  if (type === 'Muon') return 5e-3
  return dtype === 'float64' ? 1e-12 : 3e-7
}
