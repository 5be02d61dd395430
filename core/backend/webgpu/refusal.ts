import { keepsStatistics } from '#core/spec/keeps-statistics'
import type { RunSpec } from '#core/spec/run-spec'
import { deviceProblem } from '../device-problem'

/** What of a spec the GPU has no way to compute; null: it takes it. */
export function cpuOnlyPart({
  optimizer,
  model,
  training,
}: RunSpec): 'linesSearched' | 'statisticsAveraged' | null {
  if (optimizer.type === 'LBFGS') return 'linesSearched'
  if (training.averaging !== null && keepsStatistics(model.layers)) return 'statisticsAveraged'
  return null
}

/** Why this spec runs on the CPU only, in a sentence for a person; null: the GPU takes it. */
export function webgpuRefusal(spec: RunSpec): string | null {
  switch (cpuOnlyPart(spec)) {
    case 'linesSearched':
      return deviceProblem('linesSearched', { optimizer: spec.optimizer.type })
    case 'statisticsAveraged':
      return deviceProblem('statisticsAveraged', {})
    case null:
      return null
  }
}
