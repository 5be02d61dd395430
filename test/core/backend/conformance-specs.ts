/**
 * What every backend must do alike: each layer, activation, loss and optimizer at least once, on shapes that nothing
 * divides. `tolerance` is for float32 against the float64 reference, in the loss; weights get a hundred times that,
 * relative to their norm.
 */
export interface ConformanceSpec {
  readonly name: string
  readonly document: unknown
  readonly steps: number
  readonly tolerance: number
  /** One of the few that a GPU on the CPU runs. */
  readonly onSoftwareGpu: boolean
}

const onSoftwareGpu = new Set([
  'one hidden layer of 7',
  'no hidden layer',
  'three hidden layers',
  'full batch',
  'ragged last batch',
  'groups of parameters',
  'Adafactor with clipping and groups',
  'Muon with cycled momentum and Adafactor',
  'one cycle of rates and momenta',
  'clipping in groups with max-norm and EMA',
  'LogSoftmax and NLLLoss',
  'loss MSELoss',
  'GLU',
  'BatchNorm1d inside a block',
  'RMSNorm',
  'Dropout',
  'Residual',
  'augmentation',
  'optimizer Adam 0.001',
])

type Layers = readonly Record<string, unknown>[]

const linear = (outFeatures: number, more: Record<string, unknown> = {}) => ({
  type: 'Linear',
  outFeatures,
  ...more,
})

const hidden = (...layers: Layers): Layers => [linear(7), ...layers, linear(10)]

function spec(
  name: string,
  layers: Layers,
  more: {
    loss?: object
    optimizer?: object
    scheduler?: object
    training?: object
    dataset?: object
  } = {},
  { steps = 12, tolerance = 1e-5 } = {},
): ConformanceSpec {
  const document = {
    version: 1,
    name,
    dataset: { trainSize: 300, ...more.dataset },
    model: { inFeatures: 783, layers },
    loss: more.loss ?? { type: 'CrossEntropyLoss' },
    optimizer: more.optimizer ?? { type: 'SGD', lr: 0.05 },
    ...(more.scheduler === undefined ? {} : { scheduler: more.scheduler }),
    training: { batchSize: 13, seed: 5, ...more.training },
  }
  return { name, document, steps, tolerance, onSoftwareGpu: onSoftwareGpu.has(name) }
}

const relu = { type: 'ReLU' }

const activations = [
  'LeakyReLU',
  'Sigmoid',
  'Tanh',
  'PReLU',
  'RReLU',
  'ELU',
  'CELU',
  'SELU',
  'GELU',
  'SiLU',
  'Mish',
  'Softplus',
  'Softsign',
  'LogSigmoid',
  'Tanhshrink',
  'Hardtanh',
  'Hardsigmoid',
  'Hardswish',
  'ReLU6',
  'Hardshrink',
  'Softshrink',
  'Softmax',
  'LogSoftmax',
  'Softmin',
].map((type) => spec(`activation ${type}`, hidden({ type })))

const weight = [1, 2, 1, 1, 0.5, 1, 1, 3, 1, 1]

const losses = [
  { type: 'MSELoss' },
  { type: 'L1Loss' },
  { type: 'SmoothL1Loss' },
  { type: 'HuberLoss', delta: 0.5 },
  { type: 'BCEWithLogitsLoss' },
  { type: 'MultiMarginLoss' },
  { type: 'PoissonNLLLoss' },
  { type: 'GaussianNLLLoss', variance: 0.5, full: true },
  { type: 'CrossEntropyLoss', labelSmoothing: 0.1, weight },
  { type: 'CrossEntropyLoss', ignoreIndex: 3, weight, reduction: 'sum' },
  { type: 'BCEWithLogitsLoss', weight, posWeight: weight.toReversed() },
  { type: 'MultiMarginLoss', p: 2, weight },
].map((loss) =>
  spec(`loss ${Object.values(loss).join(' ')}`, hidden(relu), {
    loss,
    ...('reduction' in loss ? { optimizer: { type: 'SGD', lr: 0.003 } } : {}),
  }),
)

const optimizers = [
  { type: 'SGD', lr: 0.01, momentum: 0.9, nesterov: true, weightDecay: 0.01 },
  { type: 'Adam', lr: 0.001 },
  { type: 'Adam', lr: 0.001, amsgrad: true, weightDecay: 0.01 },
  { type: 'AdamW', lr: 0.001 },
  { type: 'Adam', lr: 0.001, decoupledWeightDecay: true, weightDecay: 0.1 },
  { type: 'NAdam' },
  { type: 'RAdam' },
  { type: 'Adamax' },
  { type: 'Adagrad' },
  { type: 'Adadelta' },
  { type: 'RMSprop', lr: 0.001 },
  { type: 'RMSprop', lr: 0.0001, centered: true, momentum: 0.9 },
  { type: 'ASGD' },
  { type: 'Rprop' },
  { type: 'Adafactor', lr: 0.001, eps: [1e-7, 1e-3] },
  { type: 'Lion' },
].map((optimizer) =>
  spec(
    `optimizer ${Object.values(optimizer).join(' ')}`,
    hidden({ type: 'Tanh' }),
    { optimizer },
    // Rules that divide by the root of a squared gradient turn a gradient of zero but for rounding into a full step.
    { tolerance: 5e-5 },
  ),
)

export const conformanceSpecs: readonly ConformanceSpec[] = [
  spec('one hidden layer of 7', hidden(relu)),
  spec('no hidden layer', [linear(10)]),
  spec('no bias', [linear(7, { bias: false }), relu, linear(10, { bias: false })]),
  spec('three hidden layers', [
    linear(33),
    relu,
    linear(17),
    { type: 'Tanh' },
    linear(5),
    relu,
    linear(10),
  ]),
  spec('wide', [linear(130), relu, linear(65), relu, linear(10)], {}, { steps: 5 }),
  spec('batch of 1', hidden(relu), { training: { batchSize: 1 } }, { steps: 30 }),
  spec('full batch', hidden(relu), { training: { batchSize: 'full' } }, { steps: 4 }),
  spec('ragged last batch', hidden(relu), {}, { steps: 27 }),
  spec('40 outputs', [linear(7), relu, linear(40)]),
  spec('40 outputs and all weights', [linear(7), relu, linear(40)], {
    loss: { type: 'CrossEntropyLoss', ignoreIndex: 2, labelSmoothing: 0.2 },
  }),
  spec('one cycle of rates and momenta', hidden(relu), {
    optimizer: { type: 'SGD', lr: 0.05, momentum: 0.9, nesterov: true },
    scheduler: { type: 'OneCycleLR', maxLr: 0.1 },
  }),
  spec(
    'cycles of rates and beta1',
    hidden(relu),
    {
      optimizer: { type: 'Adam', lr: 0.001 },
      scheduler: { type: 'CyclicLR', baseLr: 0.0001, maxLr: 0.001, stepSizeUp: 4 },
    },
    { tolerance: 5e-5 },
  ),
  spec(
    'groups of parameters',
    hidden({ type: 'LayerNorm' }, relu),
    {
      optimizer: {
        type: 'AdamW',
        lr: 0.002,
        weightDecay: 0.5,
        paramGroups: [
          { match: { kind: 'biasesAndNorms' }, weightDecay: 0 },
          { match: { kind: 'layer', layer: 0 }, lr: 0.0005 },
        ],
      },
    },
    { tolerance: 5e-5 },
  ),
  spec('clipping in groups with max-norm and EMA', hidden({ type: 'PReLU', numParameters: 7 }), {
    optimizer: {
      type: 'SGD',
      lr: 0.05,
      momentum: 0.9,
      paramGroups: [{ match: { kind: 'biasesAndNorms' }, lr: 0.02 }],
    },
    training: {
      clipGradNorm: 0.5,
      clipGradValue: 0.1,
      maxNorm: 0.8,
      averaging: { type: 'EMA', decay: 0.8 },
    },
  }),
  spec(
    'Adafactor with clipping and groups',
    hidden({ type: 'LayerNorm' }, relu),
    {
      optimizer: {
        type: 'Adafactor',
        lr: 0.01,
        eps: [1e-7, 1e-3],
        weightDecay: 0.1,
        paramGroups: [{ match: { kind: 'biasesAndNorms' }, lr: 0.003, weightDecay: 0 }],
      },
      training: { clipGradNorm: 0.5, clipGradValue: 0.1 },
    },
    { tolerance: 5e-5 },
  ),
  // Every result of Newton-Schulz is rounded to bfloat16: another order of summation turns some, which grows from step to step.
  spec(
    'Muon and AdamW',
    [linear(9), relu, linear(14), relu, linear(10)],
    { optimizer: { type: 'Muon', lr: 0.01, others: { type: 'AdamW', lr: 0.002 } } },
    { steps: 4, tolerance: 2e-4 },
  ),
  spec(
    'Muon with cycled momentum and Adafactor',
    hidden(relu),
    {
      optimizer: {
        type: 'Muon',
        lr: 0.01,
        nsSteps: 2,
        adjustLrFn: 'match_rms_adamw',
        others: { type: 'Adafactor', eps: [1e-7, 1e-3] },
      },
      scheduler: { type: 'OneCycleLR', maxLr: 0.005 },
      training: { clipGradNorm: 0.5 },
    },
    { steps: 4, tolerance: 2e-4 },
  ),
  spec('GLU', [linear(14), { type: 'GLU' }, linear(10)]),
  spec('LogSoftmax and NLLLoss', [...hidden(relu), { type: 'LogSoftmax' }], {
    loss: { type: 'NLLLoss' },
  }),
  spec('Sigmoid and BCELoss', [...hidden(relu), { type: 'Sigmoid' }], {
    loss: { type: 'BCELoss' },
  }),
  spec('LogSoftmax and KLDivLoss', [...hidden(relu), { type: 'LogSoftmax' }], {
    loss: { type: 'KLDivLoss' },
  }),
  spec('Dropout', hidden(relu, { type: 'Dropout', p: 0.3 })),
  spec('AlphaDropout', hidden({ type: 'SELU' }, { type: 'AlphaDropout', p: 0.2 })),
  spec('BatchNorm1d', hidden({ type: 'BatchNorm1d' }, relu), {}, { tolerance: 1e-4 }),
  spec(
    'BatchNorm1d of images without running statistics',
    [{ type: 'BatchNorm1d', affine: false, trackRunningStats: false }, ...hidden(relu)],
    {},
    { tolerance: 1e-4 },
  ),
  spec(
    'BatchNorm1d inside a block',
    hidden({
      type: 'Residual',
      layers: [{ type: 'BatchNorm1d', momentum: null, bias: false }, linear(7)],
    }),
    {},
    { tolerance: 1e-4 },
  ),
  spec('Softmax of images', [{ type: 'Softmax' }, { type: 'PReLU' }, linear(10)]),
  spec('LayerNorm', hidden({ type: 'LayerNorm' }, relu)),
  spec('RMSNorm', hidden({ type: 'RMSNorm', eps: 1e-6 }, relu)),
  spec(
    'Residual',
    hidden({ type: 'Residual', layers: [linear(9), { type: 'Tanh' }, linear(7)] }, relu),
  ),
  spec('clipping by norm', hidden(relu), { training: { clipGradNorm: 0.3 } }),
  spec('clipping by value', hidden(relu), { training: { clipGradValue: 0.01 } }),
  spec('max-norm', hidden(relu), { training: { maxNorm: 0.4 } }),
  spec('EMA', hidden(relu), { training: { averaging: { type: 'EMA', decay: 0.9 } } }),
  spec('augmentation', hidden(relu), {
    dataset: { augment: { shift: 2, rotate: 10, elastic: { alpha: 20, sigma: 4 } } },
  }),
  ...activations,
  ...losses,
  ...optimizers,
]
