import type { SpecIssue } from '#core/spec/issue'
import { errorAt, warningAt } from '#core/spec/issue-at'
import type { RunSpec } from '#core/spec/run-spec'
import { stepsPerEpochOf, trainImagesOf } from './run-length'

export function checkTraining(spec: RunSpec): readonly SpecIssue[] {
  return [...checkSteps(spec), ...checkMonitor(spec), ...checkAveraging(spec)]
}

function checkSteps(spec: RunSpec): SpecIssue[] {
  if (stepsPerEpochOf(spec) > 0) return []
  const path = 'training.dropLast'
  const values = { images: trainImagesOf(spec) }
  return [errorAt(path, 'noStep', values, { kind: 'set', path, value: false })]
}

function checkMonitor({ training, dataset }: RunSpec): SpecIssue[] {
  const monitor = training.earlyStopping?.monitor
  if (monitor === undefined || monitor === 'trainLoss' || dataset.valSize > 0) return []
  const path = 'training.earlyStopping.monitor'
  const fix = { kind: 'set', path: 'dataset.valSize', value: 5000 } as const
  return [errorAt(path, 'noMonitor', { monitor }, fix)]
}

function checkAveraging({ training }: RunSpec): SpecIssue[] {
  const { averaging, epochs } = training
  if (averaging?.type !== 'SWA' || averaging.startEpoch < epochs) return []
  const path = 'training.averaging.startEpoch'
  const value = Math.floor(epochs * 0.75)
  const values = { epochs, start: value }
  return [warningAt(path, 'neverAveraged', values, { kind: 'set', path, value })]
}
