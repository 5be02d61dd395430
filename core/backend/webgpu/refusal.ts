import { keepsStatistics } from '#core/spec/keeps-statistics'
import type { RunSpec } from '#core/spec/run-spec'

/** Why this spec runs on the CPU only, in a sentence for a person; null: the GPU takes it. */
export function webgpuRefusal({ optimizer, model, training }: RunSpec): string | null {
  if (optimizer.type === 'LBFGS')
    return 'LBFGS searches along lines, a decision on the CPU after every evaluation: it runs on the CPU only; choose another optimizer or another device'
  if (training.averaging !== null && keepsStatistics(model.layers))
    return 'the averages of a net with BatchNorm1d need running statistics of their own, which are computed on the CPU only; use LayerNorm, or another device'
  return null
}
