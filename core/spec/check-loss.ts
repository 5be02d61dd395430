import { fieldOf, type InferredModel } from './infer'
import type { SpecIssue } from './issue'
import { errorAt, warningAt } from './issue-at'
import type { LayerType, ModelSpec } from './layers'
import type { LossSpec, LossType } from './losses'

/**
 * Whether the end of the model fits the loss and the number of classes: the width, the length of class weights, and
 * the last layer (a softmax before CrossEntropyLoss, or none before NLLLoss).
 */
export function checkLoss(
  model: ModelSpec,
  shapes: InferredModel,
  loss: LossSpec,
  classes: number,
): readonly SpecIssue[] {
  return [
    ...checkWidth(model, shapes, classes),
    ...checkClassWeights(loss, classes),
    ...checkLastLayer(model, loss),
    ...checkTargets(loss),
  ]
}

function checkWidth(model: ModelSpec, shapes: InferredModel, classes: number): SpecIssue[] {
  if (shapes.outFeatures === classes) return []
  const last = model.layers.findLastIndex(({ type }) => type === 'Linear')
  const path = last === -1 ? 'model.layers' : fieldOf(String(last), 'outFeatures')
  const values = { classes, found: shapes.outFeatures }
  const unchanged = model.layers.slice(last + 1).every(({ type }) => type !== 'GLU')
  return [
    last >= 0 && unchanged
      ? errorAt(path, 'outputs', values, { kind: 'set', path, value: classes })
      : errorAt(path, 'outputs', values),
  ]
}

function checkClassWeights(loss: LossSpec, classes: number): SpecIssue[] {
  const fields = [
    ['weight', 'weight' in loss ? loss.weight : null],
    ['posWeight', 'posWeight' in loss ? loss.posWeight : null],
  ] as const
  return fields.flatMap(([field, weights]) => {
    if (weights === null) return []
    if (weights.length !== classes)
      return [errorAt(`loss.${field}`, 'classWeights', { classes, found: weights.length })]
    const divides = loss.type === 'CrossEntropyLoss' || loss.type === 'NLLLoss'
    if (!divides || weights.some((weight) => weight > 0)) return []
    const fix = { kind: 'set', path: `loss.${field}`, value: null } as const
    return [errorAt(`loss.${field}`, 'noClassWeight', {}, fix)]
  })
}

/** The outputs a loss expects, and what to use instead where the model gives others. */
const expectedLast: Partial<Record<LossType, readonly LayerType[]>> = {
  NLLLoss: ['LogSoftmax'],
  KLDivLoss: ['LogSoftmax'],
  BCELoss: ['Sigmoid', 'Hardsigmoid', 'Softmax', 'Softmin'],
}
const instead: Partial<Record<LossType, LossSpec['type']>> = {
  NLLLoss: 'CrossEntropyLoss',
  BCELoss: 'BCEWithLogitsLoss',
}
/** Layers that a loss applies by itself: twice is rarely meant. */
const included: Partial<Record<LossType, readonly LayerType[]>> = {
  CrossEntropyLoss: ['Softmax', 'LogSoftmax', 'Softmin', 'Sigmoid'],
  MultiMarginLoss: ['Softmax', 'LogSoftmax', 'Softmin'],
  BCEWithLogitsLoss: ['Sigmoid', 'LogSigmoid', 'Softmax'],
}

function checkLastLayer(model: ModelSpec, loss: LossSpec): SpecIssue[] {
  const index = model.layers.length - 1
  const type = model.layers[index]?.type
  if (type === undefined) return []
  if (included[loss.type]?.includes(type) === true) {
    const harmless = type === 'LogSoftmax' && loss.type === 'CrossEntropyLoss'
    return [
      warningAt(
        fieldOf(String(index), ''),
        harmless ? 'doubleLogSoftmax' : 'doubleSoftmax',
        { loss: loss.type, layer: type },
        index === 0 ? undefined : { kind: 'removeLayer', index },
      ),
    ]
  }
  if (loss.type === 'PoissonNLLLoss') return checkRates(loss, type)
  const wanted = expectedLast[loss.type]
  if (wanted === undefined || wanted.includes(type)) return []
  const other = instead[loss.type]
  const values = {
    loss: loss.type,
    wanted: wanted.join(', '),
    layer: type,
    usual: wanted[0] ?? '',
  }
  if (other === undefined) return [warningAt('loss.type', 'lossInput', values)]
  const fix = { kind: 'set', path: 'loss', value: { type: other } } as const
  if (loss.type === 'BCELoss' && type === 'Linear')
    return [errorAt('loss.type', 'notProbabilities', { ...values, other }, fix)]
  return [warningAt('loss.type', 'lossInputOrOther', { ...values, other }, fix)]
}

/** Layers whose outputs are never negative. */
const positive: readonly LayerType[] = [
  'Softplus',
  'ReLU',
  'ReLU6',
  'Sigmoid',
  'Hardsigmoid',
  'Softmax',
  'Softmin',
]

/** Rates that are given as they are, not as their logarithms. */
function checkRates(
  loss: Extract<LossSpec, { type: 'PoissonNLLLoss' }>,
  last: LayerType,
): SpecIssue[] {
  if (loss.logInput || positive.includes(last)) return []
  const path = 'loss.logInput'
  const fix = { kind: 'set', path, value: true } as const
  return [warningAt(path, 'notPositive', { usual: 'Softplus' }, fix)]
}

/** Labels become rows of 0 and 1, which are no log-probabilities. */
function checkTargets(loss: LossSpec): SpecIssue[] {
  if (loss.type !== 'KLDivLoss' || !loss.logTarget) return []
  const path = 'loss.logTarget'
  return [errorAt(path, 'logTarget', {}, { kind: 'set', path, value: false })]
}
