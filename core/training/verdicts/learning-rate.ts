import { optimizerSchema, type OptimizerSpec } from '#core/spec/optimizers'
import type { RunSpec } from '#core/spec/run-spec'
import type { Remedy } from './verdict'

/** Back to the usual rate, or to a tenth where the present one is not above it. */
export function lowerRate({ optimizer }: RunSpec): Remedy {
  const usual = usualRate(optimizer)
  return rateRemedy('lowerRate', usual < optimizer.lr ? usual : optimizer.lr / 10)
}

/** Up to the usual rate, or tenfold where the present one is not below it. */
export function raiseRate({ optimizer }: RunSpec): Remedy {
  const usual = usualRate(optimizer)
  return rateRemedy('raiseRate', usual > optimizer.lr ? usual : optimizer.lr * 10)
}

/**
 * Torch's default, which suits small nets on MNIST; but for SGD, whose default 1e-3 is meant for nothing in particular:
 * 0.1, and that times 1 - momentum, since momentum multiplies the length of a step by its inverse.
 */
function usualRate(optimizer: OptimizerSpec): number {
  if (optimizer.type === 'SGD') return 0.1 * (1 - optimizer.momentum)
  return optimizerSchema.parse({ type: optimizer.type }).lr
}

function rateRemedy(kind: 'lowerRate' | 'raiseRate', rate: number): Remedy {
  const value = Number(rate.toPrecision(2))
  return { kind, value, fixes: [{ kind: 'set', path: 'optimizer.lr', value }] }
}
