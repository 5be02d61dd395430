import { cpuOnlyPart } from '#core/backend/webgpu/refusal'
import { checkCombinations } from '#core/optim/combinations'
import { checkBatches } from '#core/spec/check-batches'
import { checkIgnored } from '#core/spec/check-ignored'
import { checkLoss } from '#core/spec/check-loss'
import { inferShapes } from '#core/spec/infer'
import type { SpecIssue } from '#core/spec/issue'
import { errorAt } from '#core/spec/issue-at'
import type { RunSpec } from '#core/spec/run-spec'

/** What a run must know of the images it is to be trained on. */
export interface DataFacts {
  readonly name: string
  readonly trainImages: number
  /** rows * cols */
  readonly pixels: number
  readonly classes: number
}

export const mnistFacts: DataFacts = { name: 'mnist', trainImages: 60000, pixels: 784, classes: 10 }

/**
 * Everything about a well-formed spec that a person should change before the run (errors) or know (warnings): layers that
 * do not fit together, the data or the loss, batches that a layer cannot take, combinations that do not work.
 */
export function runIssues(spec: RunSpec, data: DataFacts): readonly SpecIssue[] {
  const { dataset, model, loss, training } = spec
  const shapes = inferShapes(model)
  return [
    ...checkData(spec, data),
    ...(shapes.ok ? checkLoss(model, shapes.value, loss, data.classes) : shapes.error),
    ...checkBatches(
      model,
      dataset.trainSize - dataset.valSize,
      training.batchSize,
      training.dropLast,
    ),
    ...checkIgnored(loss, training.batchSize, data.classes),
    ...checkCombinations(spec),
    ...checkDevice(spec),
  ]
}

function checkDevice(spec: RunSpec): readonly SpecIssue[] {
  if (spec.device !== 'webgpu') return []
  const fix = { kind: 'set', path: 'device', value: 'auto' } as const
  switch (cpuOnlyPart(spec)) {
    case 'linesSearched':
      return [errorAt('device', 'cpuOnly', { optimizer: spec.optimizer.type }, fix)]
    case 'statisticsAveraged':
      return [errorAt('device', 'cpuAverages', {}, fix)]
    case null:
      return []
  }
}

function checkData({ dataset, model }: RunSpec, data: DataFacts): readonly SpecIssue[] {
  const issues: SpecIssue[] = []
  if (dataset.trainSize > data.trainImages) {
    const values = { limit: data.trainImages, data: data.name, found: dataset.trainSize }
    issues.push(errorAt('dataset.trainSize', 'trainSize', values))
  }
  if (model.inFeatures !== data.pixels) {
    const values = { pixels: data.pixels, data: data.name, found: model.inFeatures }
    issues.push(errorAt('model.inFeatures', 'inFeatures', values))
  }
  return issues
}
