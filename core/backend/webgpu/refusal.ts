import { keepsStatistics } from '#core/spec/keeps-statistics'
import type { RunSpec } from '#core/spec/run-spec'
import { deviceProblem } from '../device-problem'

/** Why this spec runs on the CPU only, in a sentence for a person; null: the GPU takes it. */
export function webgpuRefusal({ optimizer, model, training }: RunSpec): string | null {
  if (optimizer.type === 'LBFGS')
    return deviceProblem('linesSearched', { optimizer: optimizer.type })
  if (training.averaging !== null && keepsStatistics(model.layers))
    return deviceProblem('statisticsAveraged', {})
  return null
}
