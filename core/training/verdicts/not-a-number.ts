import type { SpecFix } from '#core/spec/issue'
import { optimizerSchema, type OptimizerSpec } from '#core/spec/optimizers'
import type { Evidence } from './evidence'
import { fitInit } from './fit-init'
import { lowerRate } from './learning-rate'
import type { Remedy, Verdict } from './verdict'

/** Numbers gave out and nothing else explains it. */
export function notANumber({ failure, spec }: Evidence): Verdict | null {
  if (failure === null) return null
  const { layer, layerType, operation, step } = failure
  const untrained = step === 0 && operation !== 'update'
  const eps = resetEps(spec.optimizer)
  const inits = fitInit(spec.model)
  return {
    kind: 'notANumber',
    layer,
    layerType,
    operation,
    step,
    severity: 'error',
    remedies: untrained ? inits : eps.length > 0 ? eps : [lowerRate(spec)],
  }
}

/** Without eps a weight whose gradient was always 0, such as that of a pixel that is always black, is moved by 0 / 0. */
function resetEps(optimizer: OptimizerSpec): readonly Remedy[] {
  if (!('eps' in optimizer) || optimizer.eps !== 0) return []
  const usual = optimizerSchema.parse({ type: optimizer.type })
  if (!('eps' in usual) || typeof usual.eps !== 'number') return []
  const fix: SpecFix = { kind: 'set', path: 'optimizer.eps', value: usual.eps }
  return [{ kind: 'resetEps', value: usual.eps, fixes: [fix] }]
}
