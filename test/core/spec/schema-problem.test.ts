import { describe, expect, it } from 'vitest'
import { parseRunSpec } from '#core/spec/run-spec'
import { problemTexts } from '#core/spec/problem-texts'
import { describeProblem } from '#core/spec/problem'

const layers = [{ type: 'Linear', outFeatures: 10 }]
const minimal = { version: 1, model: { layers } }
const linear = (init: object) => ({ model: { layers: [{ ...layers[0], init }] } })
const layer = (spec: object) => ({ model: { layers: [spec] } })

function problemsOf(part: object) {
  const parsed = parseRunSpec({ ...minimal, ...part })
  return parsed.ok ? [] : parsed.error.map(({ path, problem }) => ({ path, ...problem }))
}

describe('a schema that refuses says what as data', () => {
  it.each([
    [
      { optimizer: { type: 'Adam', lr: -1 } },
      'optimizer.lr',
      'atLeast',
      { limit: '0', found: '-1' },
    ],
    [{ optimizer: { type: 'Adam', lr: 'x' } }, 'optimizer.lr', 'number', { found: '"x"' }],
    [{ optimizer: { type: 'Adam', lr: NaN } }, 'optimizer.lr', 'number', { found: 'NaN' }],
    [
      { optimizer: { type: 'Adam', lr: Infinity } },
      'optimizer.lr',
      'number',
      { found: 'Infinity' },
    ],
    [
      { training: { clipGradNorm: 0 } },
      'training.clipGradNorm',
      'above',
      { limit: '0', found: '0' },
    ],
    [
      { loss: { type: 'CrossEntropyLoss', labelSmoothing: 2 } },
      'loss.labelSmoothing',
      'atMost',
      {},
    ],
    [
      { optimizer: { type: 'Adam', betas: [1, 0.9] } },
      'optimizer.betas.0',
      'below',
      { limit: '1' },
    ],
    [{ training: { epochs: 1.5 } }, 'training.epochs', 'whole', { found: '1.5' }],
    [{ training: { batchSize: 0 } }, 'training.batchSize', 'batchSize', {}],
    [{ training: { batchSize: 'all' } }, 'training.batchSize', 'batchSize', {}],
    [{ device: 'tpu' }, 'device', 'allowed', { values: 'auto, cpu, webgpu, reference' }],
    [{ version: 2 }, 'version', 'version', { found: '2' }],
    [{ name: 'x'.repeat(201) }, 'name', 'tooLong', { limit: '200' }],
    [
      { dataset: { train_size: 5 } },
      'dataset',
      'unknownFields',
      { names: 'train_size', values: 'name, trainSize, valSize, normalize, augment' },
    ],
    [{ model: {} }, 'model.layers', 'missing', {}],
    [{ model: 3 }, 'model', 'wrongKind', { found: '3' }],
    [
      { optimizer: { type: 'SparseAdam' } },
      'optimizer.type',
      'unknownType',
      { found: '"SparseAdam"' },
    ],
    [layer({ type: 'Linear', outFeatures: 0 }), 'model.layers.0.outFeatures', 'atLeast', {}],
    [layer({ type: 'RReLU', lower: 2 }), 'model.layers.0.lower', 'rreluBounds', {}],
    [layer({ type: 'Hardtanh', minVal: 2 }), 'model.layers.0.minVal', 'hardtanhBounds', {}],
    [
      linear({ weight: { type: 'uniform_', a: 2 } }),
      'model.layers.0.init.weight.a',
      'uniformBounds',
      {},
    ],
    [
      linear({ weight: { type: 'trunc_normal_', a: 3 } }),
      'model.layers.0.init.weight.a',
      'truncatedBounds',
      {},
    ],
    [{ dataset: { trainSize: 10, valSize: 10 } }, 'dataset.valSize', 'valSize', {}],
    [{ optimizer: { type: 'SGD', nesterov: true } }, 'optimizer.nesterov', 'nesterov', {}],
    [{ optimizer: { type: 'Rprop', etas: [2, 3] } }, 'optimizer.etas', 'etas', {}],
    [{ optimizer: { type: 'Rprop', stepSizes: [2, 1] } }, 'optimizer.stepSizes', 'stepSizes', {}],
    [
      {
        optimizer: {
          type: 'Rprop',
          paramGroups: [{ match: { kind: 'biasesAndNorms' }, weightDecay: 0 }],
        },
      },
      'optimizer.paramGroups.0.weightDecay',
      'noWeightDecay',
      {},
    ],
    [
      { optimizer: { type: 'LBFGS', paramGroups: [{ match: { kind: 'biasesAndNorms' }, lr: 1 }] } },
      'optimizer.paramGroups',
      'noGroups',
      {},
    ],
    [
      { scheduler: { type: 'LambdaLR', lrLambda: { kind: 'warmupCosine', warmup: 4, steps: 4 } } },
      'scheduler.lrLambda.warmup',
      'warmup',
      {},
    ],
    [
      { scheduler: { type: 'LambdaLR', lrLambda: { kind: 'eval' } } },
      'scheduler.lrLambda.kind',
      'unknownType',
      { found: '"eval"' },
    ],
    [
      { scheduler: { type: 'MultiStepLR', milestones: [3, 2] } },
      'scheduler.milestones',
      'ascending',
      {},
    ],
    [
      { scheduler: { type: 'ChainedScheduler', schedulers: [] } },
      'scheduler.schedulers',
      'noSchedulers',
      {},
    ],
    [
      {
        scheduler: { type: 'SequentialLR', schedulers: [{ type: 'ConstantLR' }], milestones: [2] },
      },
      'scheduler.milestones',
      'milestoneCount',
      {},
    ],
    [
      {
        scheduler: {
          type: 'ChainedScheduler',
          schedulers: [{ type: 'ConstantLR' }, { type: 'OneCycleLR', maxLr: 1 }],
        },
      },
      'scheduler.schedulers',
      'mixedIntervals',
      {},
    ],
  ])('%j', (part, path, kind, values) => {
    expect(problemsOf(part)).toContainEqual(
      expect.objectContaining({ path, kind, values: expect.objectContaining(values) as unknown }),
    )
  })
})

it('every problem that a document can have fills all the places of its text', () => {
  const bad = {
    ...minimal,
    device: 'tpu',
    training: { epochs: 0, seed: -1 },
    optimizer: { type: 'x' },
  }
  const problems = problemsOf(bad)
  expect(problems).toHaveLength(4)
  for (const problem of problems) {
    expect(problemTexts).toHaveProperty(problem.kind)
    expect(describeProblem(problem)).not.toMatch(/undefined|\{/)
  }
})
