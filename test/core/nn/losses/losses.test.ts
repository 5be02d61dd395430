import { describe, expect, test } from 'vitest'
import { logistic } from '#core/nn/activations/sigmoid'
import { type Targets } from '#core/nn/losses/loss'
import { lossOf } from '#core/nn/losses/loss-of'
import { logSumExp } from '#core/nn/log-sum-exp'
import { type LossSpec, lossSchema } from '#core/spec/losses'
import golden from '../../../golden/losses.json' with { type: 'json' }

const ROWS = 4
const WIDTH = 3
const logits = Float64Array.from(golden.logits.flat())
const labels: Targets = { kind: 'classes', labels: Uint8Array.from(golden.target_index) }
const y: Targets = { kind: 'dense', values: Float64Array.from(golden.y.flat()) }
const softmaxOfY: Targets = {
  kind: 'dense',
  values: Float64Array.from(golden.y.flatMap((row) => logSoftmax(row).map(Math.exp))),
}

/** A step in front of the loss, as the golden gradients are those of the logits. */
interface Head {
  apply(row: readonly number[]): number[]
  pullBack(gradient: readonly number[], output: readonly number[]): number[]
}
const identity: Head = { apply: (row) => [...row], pullBack: (gradient) => [...gradient] }
const logSoftmaxHead: Head = {
  apply: logSoftmax,
  pullBack: (gradient, output) => {
    const sum = gradient.reduce((a, b) => a + b, 0)
    return gradient.map((g, c) => g - Math.exp(output[c] ?? NaN) * sum)
  },
}
const sigmoidHead: Head = {
  apply: (row) => row.map(logistic),
  pullBack: (gradient, output) =>
    gradient.map((g, c) => g * (output[c] ?? NaN) * (1 - (output[c] ?? NaN))),
}

interface Case {
  readonly spec: Readonly<Record<string, unknown>>
  readonly targets: Targets
  readonly head?: Head
}
const weight = golden.class_weight
const cases: Readonly<Record<string, Case>> = {
  CrossEntropy: { spec: { type: 'CrossEntropyLoss' }, targets: labels },
  'CrossEntropy weight': { spec: { type: 'CrossEntropyLoss', weight }, targets: labels },
  'CrossEntropy label_smoothing .1': {
    spec: { type: 'CrossEntropyLoss', labelSmoothing: 0.1 },
    targets: labels,
  },
  'CrossEntropy weight+ls .1': {
    spec: { type: 'CrossEntropyLoss', weight, labelSmoothing: 0.1 },
    targets: labels,
  },
  'CrossEntropy prob targets': { spec: { type: 'CrossEntropyLoss' }, targets: softmaxOfY },
  'CrossEntropy ignore_index=1': {
    spec: { type: 'CrossEntropyLoss', ignoreIndex: 1 },
    targets: labels,
  },
  MSE: { spec: { type: 'MSELoss' }, targets: y },
  L1: { spec: { type: 'L1Loss' }, targets: y },
  'SmoothL1 beta1': { spec: { type: 'SmoothL1Loss' }, targets: y },
  'SmoothL1 beta.5': { spec: { type: 'SmoothL1Loss', beta: 0.5 }, targets: y },
  'Huber delta.5': { spec: { type: 'HuberLoss', delta: 0.5 }, targets: y },
  BCEWithLogits: { spec: { type: 'BCEWithLogitsLoss' }, targets: y },
  MultiMargin: { spec: { type: 'MultiMarginLoss' }, targets: labels },
  'NLL(logsoftmax)': { spec: { type: 'NLLLoss' }, targets: labels, head: logSoftmaxHead },
  'BCE(sigmoid)': { spec: { type: 'BCELoss' }, targets: y, head: sigmoidHead },
  KLDiv: { spec: { type: 'KLDivLoss' }, targets: softmaxOfY, head: logSoftmaxHead },
  GaussianNLL: { spec: { type: 'GaussianNLLLoss', variance: 0.5 }, targets: y },
  PoissonNLL: { spec: { type: 'PoissonNLLLoss' }, targets: y },
}

/** Losses for targets of -1 and 1, or for several labels a row: not in the spec. */
const notOffered = ['SoftMargin mean', 'HingeEmbedding mean', 'MultiLabelSoftMargin mean']

test('every loss of the golden file is compared, apart from three that are not offered', () => {
  const compared = Object.keys(golden.losses).filter((name) => split(name).base in cases)
  expect(compared).toHaveLength(46)
  expect([...compared, ...notOffered].sort()).toEqual(Object.keys(golden.losses).sort())
})

describe.each(Object.entries(golden.losses).filter(([name]) => split(name).base in cases))(
  '%s',
  (name, expected) => {
    const { base, reduction } = split(name)
    const { spec, targets, head = identity } = cases[base] ?? { spec: {}, targets: y }
    const output = Float64Array.from(golden.logits.flatMap((row) => head.apply(row)))

    test('the gradient is that of PyTorch', () => {
      const loss = lossOf(parse(spec, reduction === 'none' ? 'sum' : reduction), WIDTH)
      const gradient = new Float64Array(logits.length)
      loss.backward(output, targets, ROWS, gradient)
      rowsOf(gradient).forEach((row, i) => {
        const pulled = head.pullBack(row, rowsOf(output)[i] ?? [])
        pulled.forEach((value, c) => {
          expect(value).toBeCloseTo(expected.grad[i]?.[c] ?? NaN, 14)
        })
      })
    })

    test('the value is that of PyTorch', () => {
      if (typeof expected.loss === 'number') {
        const loss = lossOf(parse(spec, reduction), WIDTH)
        expect(loss.forward(output, targets, ROWS)).toBeCloseTo(expected.loss, 14)
        return
      }
      const loss = lossOf(parse(spec, 'sum'), WIDTH)
      expected.loss.forEach((terms, i) => {
        const sum = [terms].flat().reduce((a, b) => a + b, 0)
        expect(loss.forward(rowAt(output, i), targetRow(targets, i), 1)).toBeCloseTo(sum, 14)
      })
    })
  },
)

function split(name: string): { base: string; reduction: string } {
  const space = name.lastIndexOf(' ')
  return { base: name.slice(0, space), reduction: name.slice(space + 1) }
}

function parse(spec: Readonly<Record<string, unknown>>, reduction: string): LossSpec {
  return lossSchema.parse({ ...spec, reduction })
}

function rowsOf(values: Float64Array): number[][] {
  return Array.from({ length: ROWS }, (_, i) => [...rowAt(values, i)])
}

function rowAt(values: Float64Array, i: number): Float64Array {
  return values.slice(i * WIDTH, (i + 1) * WIDTH)
}

function targetRow(targets: Targets, i: number): Targets {
  return targets.kind === 'classes'
    ? { kind: 'classes', labels: targets.labels.slice(i, i + 1) }
    : { kind: 'dense', values: targets.values.slice(i * WIDTH, (i + 1) * WIDTH) }
}

function logSoftmax(row: readonly number[]): number[] {
  const total = logSumExp(Float64Array.from(row), 0, row.length)
  return row.map((x) => x - total)
}
