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
  const sentence = `an epoch has ${trainImagesOf(spec)} images, fewer than one batch, and the last batch is dropped, so no step is taken: keep the last batch, or make batches smaller`
  return [errorAt(path, sentence, { kind: 'set', path, value: false })]
}

function checkMonitor({ training, dataset }: RunSpec): SpecIssue[] {
  const monitor = training.earlyStopping?.monitor
  if (monitor === undefined || monitor === 'trainLoss' || dataset.valSize > 0) return []
  const path = 'training.earlyStopping.monitor'
  const sentence = `there is no ${monitor} without validation images: set dataset.valSize (5000 is usual), or watch trainLoss`
  return [errorAt(path, sentence, { kind: 'set', path: 'dataset.valSize', value: 5000 })]
}

function checkAveraging({ training }: RunSpec): SpecIssue[] {
  const { averaging, epochs } = training
  if (averaging?.type !== 'SWA' || averaging.startEpoch < epochs) return []
  const path = 'training.averaging.startEpoch'
  const value = Math.floor(epochs * 0.75)
  const sentence = `the run ends after ${epochs} epochs, so nothing is ever averaged: start at ${value}`
  return [warningAt(path, sentence, { kind: 'set', path, value })]
}
