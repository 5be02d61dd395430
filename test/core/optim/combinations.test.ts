import { describe, expect, it } from 'vitest'
import { checkCombinations } from '#core/optim/combinations'
import { presets } from '#core/spec/presets'
import { runSpecSchema, type RunSpecInput } from '#core/spec/run-spec'

const layers: RunSpecInput['model']['layers'] = [
  { type: 'Linear', outFeatures: 32 },
  { type: 'ReLU' },
  { type: 'Linear', outFeatures: 10 },
]
const withDropout: typeof layers = [
  { type: 'Linear', outFeatures: 32 },
  { type: 'Dropout' },
  { type: 'Linear', outFeatures: 10 },
]
const full = { batchSize: 'full' } as const
const val = { valSize: 5000 }
const sgd = { type: 'SGD', lr: 0.1, momentum: 0.9 } as const

type Change = Partial<Omit<RunSpecInput, 'version' | 'model'>> & { layers?: typeof layers }

const cases: [
  rule: string,
  change: Change,
  path: string,
  severity: 'error' | 'warning',
  fix?: unknown,
][] = [
  [
    'Rprop with mini-batches',
    { optimizer: { type: 'Rprop' } },
    'training.batchSize',
    'warning',
    'full',
  ],
  [
    'LBFGS with mini-batches',
    { optimizer: { type: 'LBFGS' } },
    'training.batchSize',
    'warning',
    'full',
  ],
  ['a rate of 0', { optimizer: { type: 'Adam', lr: 0 } }, 'optimizer.lr', 'warning', 0.001],
  [
    'another rate for a layer without parameters',
    { optimizer: { type: 'Adam', paramGroups: [{ match: { kind: 'layer', layer: 1 }, lr: 1 }] } },
    'optimizer.paramGroups.0.match.layer',
    'error',
  ],
  [
    'Muon told about biases',
    { optimizer: { type: 'Muon', paramGroups: [{ match: { kind: 'biasesAndNorms' }, lr: 1 }] } },
    'optimizer.paramGroups.0',
    'warning',
  ],
  [
    'OneCycleLR without momentum or betas',
    { optimizer: { type: 'Adagrad' }, scheduler: { type: 'OneCycleLR', maxLr: 0.1 } },
    'scheduler.cycleMomentum',
    'error',
    false,
  ],
  [
    'OneCycleLR with momentum 0',
    { optimizer: { type: 'SGD' }, scheduler: { type: 'OneCycleLR', maxLr: 0.1 } },
    'scheduler.cycleMomentum',
    'warning',
    false,
  ],
  [
    'CyclicLR without momentum inside ChainedScheduler',
    {
      optimizer: { type: 'Adadelta' },
      scheduler: {
        type: 'ChainedScheduler',
        schedulers: [{ type: 'CyclicLR', baseLr: 0.1, maxLr: 1 }],
      },
    },
    'scheduler.schedulers.0.cycleMomentum',
    'error',
    false,
  ],
  [
    'OneCycleLR shorter than the run',
    { optimizer: sgd, scheduler: { type: 'OneCycleLR', maxLr: 0.1, totalSteps: 100 } },
    'scheduler.totalSteps',
    'error',
    null,
  ],
  [
    'OneCycleLR longer than the run',
    { optimizer: sgd, scheduler: { type: 'OneCycleLR', maxLr: 0.1, totalSteps: 1e6 } },
    'scheduler.totalSteps',
    'warning',
    null,
  ],
  [
    'OneCycleLR that rises in exactly one step',
    {
      optimizer: sgd,
      scheduler: { type: 'OneCycleLR', maxLr: 0.1, pctStart: 0.1 },
      training: { epochs: 10, ...full },
    },
    'scheduler.pctStart',
    'error',
  ],
  [
    'OneCycleLR over a group with its own rate',
    {
      optimizer: { ...sgd, paramGroups: [{ match: { kind: 'layer', layer: 0 }, lr: 1 }] },
      scheduler: { type: 'OneCycleLR', maxLr: 0.1 },
    },
    'scheduler.maxLr',
    'warning',
  ],
  [
    'CyclicLR upside down',
    { optimizer: sgd, scheduler: { type: 'CyclicLR', baseLr: 1, maxLr: 0.1 } },
    'scheduler.maxLr',
    'warning',
  ],
  [
    'ReduceLROnPlateau without validation images',
    { scheduler: { type: 'ReduceLROnPlateau' } },
    'scheduler.monitor',
    'error',
    'trainLoss',
  ],
  [
    'ReduceLROnPlateau waiting for a falling accuracy',
    { dataset: val, scheduler: { type: 'ReduceLROnPlateau', monitor: 'valAccuracy' } },
    'scheduler.mode',
    'warning',
    'max',
  ],
  [
    'a cosine that rises again',
    { scheduler: { type: 'CosineAnnealingLR', tMax: 4 } },
    'scheduler.tMax',
    'warning',
    10,
  ],
  [
    'early stopping without validation images',
    { training: { earlyStopping: {} } },
    'training.earlyStopping.monitor',
    'error',
    5000,
  ],
  [
    'an epoch without a batch',
    { dataset: { trainSize: 50 }, training: { dropLast: true } },
    'training.dropLast',
    'error',
    false,
  ],
  [
    'averaging that never begins',
    { training: { averaging: { type: 'SWA', startEpoch: 10 } } },
    'training.averaging.startEpoch',
    'warning',
    7,
  ],
]

describe('checkCombinations', () => {
  it.each(cases)('reports %s', (_rule, change, path, severity, fix) => {
    const issues = check(change)
    expect(issues.map((issue) => [issue.path, issue.severity])).toEqual([[path, severity]])
    expect(issues[0]?.message.startsWith(`${path}: `)).toBe(true)
    if (fix !== undefined) expect(issues[0]?.fix).toMatchObject({ kind: 'set', value: fix })
  })

  it('takes LBFGS with dropout for an error and offers to remove the layer', () => {
    const change = { layers: withDropout, optimizer: { type: 'LBFGS' }, training: full } as const
    expect(check(change)).toMatchObject([
      { path: 'model.layers.1', severity: 'error', fix: { kind: 'removeLayer', index: 1 } },
    ])
  })

  it('sees dropout inside a residual block, and that p = 0 drops nothing', () => {
    const block = (p: number): typeof layers => [
      { type: 'Linear', outFeatures: 10 },
      { type: 'Residual', layers: [{ type: 'Dropout', p }] },
    ]
    const optimizer = { type: 'LBFGS' } as const
    expect(check({ layers: block(0.5), optimizer, training: full })).toHaveLength(1)
    expect(check({ layers: block(0), optimizer, training: full })).toEqual([])
  })

  it.each([
    ['Rprop on the full batch', { optimizer: { type: 'Rprop' }, training: full }],
    ['OneCycleLR with Adam', { scheduler: { type: 'OneCycleLR', maxLr: 0.1 } }],
    [
      'OneCycleLR without cycled momentum on Adagrad',
      {
        optimizer: { type: 'Adagrad' },
        scheduler: { type: 'OneCycleLR', maxLr: 0.1, cycleMomentum: false },
      },
    ],
    [
      'a rate of 0 that OneCycleLR replaces',
      { optimizer: { type: 'Adam', lr: 0 }, scheduler: { type: 'OneCycleLR', maxLr: 0.1 } },
    ],
    ['early stopping with validation images', { dataset: val, training: { earlyStopping: {} } }],
    [
      'a plateau of the training loss',
      { scheduler: { type: 'ReduceLROnPlateau', monitor: 'trainLoss' } },
    ],
    [
      'Muon with an override of its own',
      { optimizer: { type: 'Muon', paramGroups: [{ match: { kind: 'layer', layer: 0 }, lr: 1 }] } },
    ],
  ] as [string, Change][])('has nothing against %s', (_what, change) => {
    expect(check(change)).toEqual([])
  })

  it('has nothing against the presets', () => {
    expect(presets.flatMap(({ spec }) => checkCombinations(spec))).toEqual([])
  })
})

function check({ layers: own, ...change }: Change) {
  return checkCombinations(
    runSpecSchema.parse({ version: 1, model: { layers: own ?? layers }, ...change }),
  )
}
