import { describe, expect, it } from 'vitest'
import { applyFix } from '#core/spec/apply-fix'
import { fillIn } from '#core/spec/fill-in'
import type { LayerInput } from '#core/spec/layers'
import { checkRunSpec } from '#core/training/check-run-spec'
import { mnistFacts } from '#core/training/run-issues'
import { problems } from '../../../renderer/i18n/zh-cn/problems'

const linear: LayerInput = { type: 'Linear', outFeatures: 10 }
const model = (...layers: readonly LayerInput[]) => ({ layers: [...layers, linear] })
const ending = (...layers: readonly LayerInput[]) => ({ layers: [linear, ...layers] })
const full = { batchSize: 'full' }
const lbfgs = { optimizer: { type: 'LBFGS' }, training: full }

/** A message says what is allowed, or what to do. */
type Case = readonly [
  what: string,
  part: object,
  severity: 'error' | 'warning',
  path: string,
  says: string,
]

const cases: readonly Case[] = [
  [
    'Rprop with mini-batches',
    { optimizer: { type: 'Rprop' } },
    ...(['warning', 'training.batchSize', 'set the batch size to "full"'] as const),
  ],
  [
    'LBFGS with mini-batches',
    { optimizer: { type: 'LBFGS' } },
    ...(['warning', 'training.batchSize', 'set the batch size to "full"'] as const),
  ],
  [
    'LBFGS with dropout',
    { ...lbfgs, model: model({ type: 'Dropout' }) },
    ...(['error', 'model.layers.0', 'Dropout changes it at random: remove the layer'] as const),
  ],
  [
    'LBFGS with random slopes',
    { ...lbfgs, model: model({ type: 'RReLU' }) },
    ...(['error', 'model.layers.0', 'RReLU changes it at random: remove the layer'] as const),
  ],
  [
    'LBFGS with a random layer in a block',
    { ...lbfgs, model: model({ type: 'Residual', layers: [{ type: 'AlphaDropout' }] }) },
    ...(['error', 'model.layers.0', 'AlphaDropout changes it at random'] as const),
  ],
  [
    'OneCycleLR where there is no momentum',
    { optimizer: { type: 'Adagrad' }, scheduler: { type: 'OneCycleLR', maxLr: 0.1 } },
    ...(['error', 'scheduler.cycleMomentum', 'switch cycleMomentum off'] as const),
  ],
  [
    'OneCycleLR where momentum is 0',
    { optimizer: { type: 'SGD' }, scheduler: { type: 'OneCycleLR', maxLr: 0.1 } },
    ...(['warning', 'scheduler.cycleMomentum', 'switch cycleMomentum off'] as const),
  ],
  [
    'a batch of nothing',
    { training: { batchSize: 0 } },
    ...(['error', 'training.batchSize', 'a whole number >= 1, or "full"; found 0'] as const),
  ],
  [
    'a layer of no units',
    { model: model({ type: 'Linear', outFeatures: 0 }) },
    ...(['error', 'model.layers.0.outFeatures', 'from 1 to 65536; found 0'] as const),
  ],
  [
    'a rate of 0',
    { optimizer: { type: 'Adam', lr: 0 } },
    ...(['warning', 'optimizer.lr', "torch's default for Adam is 0.001"] as const),
  ],
  [
    'a rate that is no number',
    { optimizer: { type: 'Adam', lr: NaN } },
    ...(['error', 'optimizer.lr', 'must be a number >= 0; found NaN'] as const),
  ],
  [
    'class weights of the wrong length',
    { loss: { type: 'CrossEntropyLoss', weight: [1, 2] } },
    ...(['error', 'loss.weight', 'needs 10 numbers, one a class; found 2'] as const),
  ],
  [
    'class weights that are all 0',
    { loss: { type: 'CrossEntropyLoss', weight: Array<number>(10).fill(0) } },
    ...(['error', 'loss.weight', 'at least one class must have a weight above 0'] as const),
  ],
  [
    'an ignored class where each batch is one image',
    { loss: { type: 'CrossEntropyLoss', ignoreIndex: 3 }, training: { batchSize: 1 } },
    ...(['error', 'training.batchSize', 'take larger batches'] as const),
  ],
  [
    'Softmax before CrossEntropyLoss',
    { model: ending({ type: 'Softmax' }) },
    ...(['warning', 'model.layers.1', 'Remove the Softmax layer'] as const),
  ],
  [
    'BCELoss of any numbers',
    { loss: { type: 'BCELoss' } },
    ...(['error', 'loss.type', 'use BCEWithLogitsLoss, which has it built in'] as const),
  ],
  [
    'NLLLoss of plain outputs',
    { loss: { type: 'NLLLoss' } },
    ...(['warning', 'loss.type', 'use CrossEntropyLoss, which has it built in'] as const),
  ],
  [
    'the logarithm of rates that may be negative',
    { loss: { type: 'PoissonNLLLoss', logInput: false } },
    ...([
      'warning',
      'loss.logInput',
      'end the model with Softplus, or switch logInput on',
    ] as const),
  ],
  [
    "torch's own spelling",
    { optimizer: { type: 'SGD', weight_decay: 0.1 } },
    ...(['error', 'optimizer', 'there is no field "weight_decay"; allowed: type, lr, '] as const),
  ],
  [
    'momentum for Adam',
    { optimizer: { type: 'Adam', momentum: 0.9 } },
    ...(['error', 'optimizer', 'there is no field "momentum"; allowed: type, lr, betas'] as const),
  ],
  [
    'early stopping that watches nothing',
    { training: { earlyStopping: {} } },
    ...(['error', 'training.earlyStopping.monitor', 'set dataset.valSize'] as const),
  ],
  [
    'BatchNorm1d on single images',
    { model: model({ type: 'BatchNorm1d' }), training: { batchSize: 1 } },
    ...(['error', 'training.batchSize', 'raise the batch size, or use LayerNorm'] as const),
  ],
  [
    'Nesterov without momentum',
    { optimizer: { type: 'SGD', nesterov: true } },
    ...(['error', 'optimizer.nesterov', 'requires a momentum > 0'] as const),
  ],
]

const check = (part: object) => checkRunSpec({ version: 1, model: model(), ...part }, mnistFacts)

describe('what does not go together is said at its field, and what to do', () => {
  it.each(cases)('%s', (_what, part, severity, path, says) => {
    const { issues } = check(part)
    expect(issues.map((issue) => [issue.severity, issue.path])).toEqual([[severity, path]])
    expect(issues[0]?.message).toContain(`${path}: `)
    expect(issues[0]?.message).toContain(says)
  })

  it.each(cases)('%s, in Chinese', (_what, part) => {
    const [issue] = check(part).issues
    if (issue === undefined) throw new Error('expected an issue')
    const { kind, values } = issue.problem
    const text = fillIn(problems.problem[kind], values)
    expect(text).toMatch(/[一-鿿]/)
    expect(text).not.toMatch(/undefined|\{/)
  })

  it.each(cases.filter(([, part]) => check(part).issues[0]?.fix !== undefined))(
    '%s: one click cures it',
    (_what, part) => {
      const { spec, issues } = check(part)
      const fix = issues[0]?.fix
      if (spec === null || fix === undefined) throw new Error('expected a spec and a fix')
      expect(checkRunSpec(applyFix(spec, fix), mnistFacts).issues).toEqual([])
    },
  )
})

it('nothing is said against a spec that is right, and losses of one hot rows are', () => {
  for (const type of ['MSELoss', 'BCEWithLogitsLoss', 'GaussianNLLLoss', 'PoissonNLLLoss'])
    expect(check({ loss: { type } }).issues, type).toEqual([])
  const zeros = Array<number>(10).fill(0)
  expect(check({ loss: { type: 'BCEWithLogitsLoss', posWeight: zeros } }).issues).toEqual([])
  const ignoring = { type: 'CrossEntropyLoss', ignoreIndex: 3 }
  expect(check({ loss: ignoring }).issues).toEqual([])
  expect(
    check({ loss: { ...ignoring, reduction: 'sum' }, training: { batchSize: 1 } }).issues,
  ).toEqual([])
})
