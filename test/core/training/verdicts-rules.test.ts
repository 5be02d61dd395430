import { describe, expect, it } from 'vitest'
import type { Distribution, LayerReport } from '#core/backend/layer-report'
import { applyFix } from '#core/spec/apply-fix'
import { runSpecSchema, type RunSpec, type RunSpecInput } from '#core/spec/run-spec'
import type { EpochRecord } from '#core/training/run-state'
import { keepFigures, type Evidence, type LayerFigures } from '#core/training/verdicts/evidence'
import { verdictsOf } from '#core/training/verdicts/verdicts-of'

type Changes = Partial<Omit<RunSpecInput, 'version'>>

/** Three hidden layers of 16. */
function specWith(activation: 'ReLU' | 'Tanh', changes: Changes = {}): RunSpec {
  const hidden = [{ type: 'Linear', outFeatures: 16 } as const, { type: activation } as const]
  return runSpecSchema.parse({
    version: 1,
    model: {
      layers: [...hidden, ...hidden, ...hidden, { type: 'Linear', outFeatures: 16 }],
    },
    ...changes,
  })
}

function spread(std: number): Distribution {
  return { mean: 0, std, min: -std, max: std, histogram: [] }
}

/** Healthy figures at `step`, with `changes` to some layers, by path. */
function figures(
  spec: RunSpec,
  step: number,
  changes: Record<string, Partial<LayerReport>> = {},
): LayerFigures {
  const reports = spec.model.layers.map(({ type }, i): LayerReport => {
    const linear = type === 'Linear'
    return {
      layer: String(i),
      type,
      output: spread(1),
      outputGradient: spread(0.01),
      gradientNorm: linear ? 1 : null,
      weightNorm: linear ? 5 : null,
      updateRatio: linear ? 1e-3 : null,
      dead: linear ? null : 0.1,
      saturated: linear ? null : 0.1,
      ...changes[String(i)],
    }
  })
  return { step, reports }
}

function losses(...values: readonly number[]): Evidence['losses'] {
  return { length: values.length, steps: values.map((_, i) => i + 1), losses: values }
}

const falling = losses(...Array.from({ length: 120 }, (_, i) => 2.3 * 0.98 ** i))
const flat = losses(...Array.from({ length: 120 }, (_, i) => 2.3 + 0.02 * Math.sin(i)))

function evidence(spec: RunSpec, changes: Partial<Evidence> = {}): Evidence {
  const reports = [1, 20, 40, 60].map((step) => figures(spec, step))
  return { spec, reports, losses: falling, epochs: [], failure: null, ...changes }
}

function kinds(given: Evidence): readonly string[] {
  return verdictsOf(given).map(({ kind }) => kind)
}

/** Gradient deviations of the Linear layers, first to last. */
function gradients(...stds: readonly number[]): Record<string, Partial<LayerReport>> {
  return Object.fromEntries(stds.map((std, i) => [2 * i, { outputGradient: spread(std) }]))
}

const relu = specWith('ReLU')
const tanh = specWith('Tanh')

describe('a run that learns', () => {
  it('gets no verdict, nor does one of which nothing is known yet', () => {
    expect(kinds(evidence(relu))).toEqual([])
    expect(kinds(evidence(relu, { reports: [], losses: losses() }))).toEqual([])
  })

  it('may take long steps', () => {
    const reports = [figures(relu, 20, { 0: { updateRatio: 0.5 } })]
    expect(kinds(evidence(relu, { reports }))).toEqual([])
  })

  it('may have had a bad start', () => {
    const reports = [figures(relu, 1, { 1: { dead: 1 } }), figures(relu, 20)]
    expect(kinds(evidence(relu, { reports }))).toEqual([])
  })

  it('may look ill once', () => {
    const reports = [figures(relu, 20), figures(relu, 40), figures(relu, 60, { 1: { dead: 1 } })]
    expect(kinds(evidence(relu, { reports }))).toEqual([])
  })
})

describe('the gradient', () => {
  it('vanishes from the layer on that gets a thousandth of it', () => {
    const sick = figures(relu, 1, gradients(1e-9, 1e-6, 1e-5, 1e-2))
    expect(verdictsOf(evidence(relu, { reports: [sick] }))).toMatchObject([
      { kind: 'vanishing', fromLayer: '4', severity: 'error' },
    ])
    const [verdict] = verdictsOf(evidence(relu, { reports: [sick] }))
    expect(verdict?.kind === 'vanishing' && verdict.factorPerLayer).toBeCloseTo(1e-7 ** (1 / 3), 10)
  })

  it('may shrink by less', () => {
    const reports = [figures(relu, 1, gradients(2e-5, 1e-4, 1e-3, 1e-2))]
    expect(kinds(evidence(relu, { reports }))).toEqual([])
  })

  it('explodes from the layer on that gets a thousandfold', () => {
    const reports = [figures(relu, 1, gradients(1e6, 1e4, 1, 1e-2))]
    expect(verdictsOf(evidence(relu, { reports }))).toMatchObject([
      { kind: 'exploding', fromLayer: '2' },
    ])
  })

  it('is not blamed where no gradient leaves the loss, or where there is no depth', () => {
    const done = figures(relu, 20, gradients(0, 0, 0, 0))
    expect(kinds(evidence(relu, { reports: [done] }))).toEqual([])
    const shallow = specWith('ReLU', {
      model: {
        layers: [
          { type: 'Linear', outFeatures: 16 },
          { type: 'ReLU' },
          { type: 'Linear', outFeatures: 16 },
        ],
      },
    })
    const reports = [figures(shallow, 20, gradients(1e-9, 1))]
    expect(kinds(evidence(shallow, { reports }))).toEqual([])
  })
})

describe('units', () => {
  it('are dead where four fifths of a layer are', () => {
    const at = (dead: number) => evidence(relu, { reports: [figures(relu, 20, { 3: { dead } })] })
    expect(verdictsOf(at(0.85))).toMatchObject([
      { kind: 'deadUnits', layer: '3', share: 0.85, severity: 'warning' },
    ])
    expect(kinds(at(0.7))).toEqual([])
  })

  it('saturate where the activation is flat on both sides; ReLU is flat by its nature', () => {
    const changes = { 1: { saturated: 0.6 } }
    const at = (spec: RunSpec) => ({ reports: [figures(spec, 20, changes)], losses: flat })
    expect(kinds(evidence(tanh, at(tanh)))).toEqual(['saturated'])
    expect(kinds(evidence(relu, at(relu)))).toEqual([])
  })

  it('may saturate by learning, but not before it', () => {
    const changes = { 1: { saturated: 0.6 } }
    const later = [20, 40, 60].map((step) => figures(tanh, step, changes))
    const grown = { reports: [figures(tanh, 1), ...later] }
    expect(kinds(evidence(tanh, grown))).toEqual([])
    expect(kinds(evidence(tanh, { ...grown, losses: flat }))).toEqual(['saturated'])
    const measured = { trainLoss: 1, trainAccuracy: 0.95, lr: 1e-3, seconds: 1, imagesPerSecond: 1 }
    const epochs = [{ epoch: 1, step: 60, ...measured }]
    expect(kinds(evidence(tanh, { ...grown, losses: flat, epochs }))).toEqual([])
    const born = { reports: [figures(tanh, 1, changes), ...later] }
    expect(kinds(evidence(tanh, born))).toEqual(['saturated'])
  })

  it('behind the last Linear layer may saturate: they belong to the loss', () => {
    const spec = specWith('ReLU', {
      model: { layers: [{ type: 'Linear', outFeatures: 10 }, { type: 'Sigmoid' }] },
      loss: { type: 'BCELoss' },
    })
    const reports = [figures(spec, 20, { 1: { saturated: 0.9 } })]
    expect(kinds(evidence(spec, { reports }))).toEqual([])
  })
})

describe('the learning rate', () => {
  const sgd = specWith('ReLU', { optimizer: { type: 'SGD', lr: 10 } })

  it('is too high where the loss climbed and stayed up', () => {
    const climbed = losses(2.3, 90, 40, ...Array.from({ length: 30 }, () => 2.5))
    expect(verdictsOf(evidence(sgd, { losses: climbed }))).toMatchObject([
      {
        kind: 'learningRateTooHigh',
        evidence: { firstLoss: 2.3, highestLoss: 90, presentLoss: 2.5 },
        remedies: [{ kind: 'lowerRate', value: 0.1 }],
      },
    ])
  })

  it('is too high where the weights are thrown about and nothing is learned', () => {
    const reports = [figures(sgd, 1), figures(sgd, 20, { 0: { updateRatio: 0.4 } })]
    expect(kinds(evidence(sgd, { reports, losses: flat }))).toEqual(['learningRateTooHigh'])
  })

  it('is too high before it is said that units died of it', () => {
    const dead = { 1: { dead: 1 }, 0: { updateRatio: 0 } }
    const reports = [
      figures(sgd, 1, { 0: { updateRatio: 4 } }),
      ...[20, 40, 60].map((step) => figures(sgd, step, dead)),
    ]
    expect(kinds(evidence(sgd, { reports, losses: flat }))).toEqual(['learningRateTooHigh'])
    // Also where the few units that live have learned something.
    expect(kinds(evidence(sgd, { reports }))).toEqual(['learningRateTooHigh'])
    // Not where they were dead before.
    const stillborn = [figures(sgd, 1, dead), ...reports.slice(1)]
    expect(kinds(evidence(sgd, { reports: stillborn }))).toEqual(['deadUnits'])
  })

  it('is too low where nothing moves', () => {
    const still = Object.fromEntries([0, 2, 4, 6].map((i) => [i, { updateRatio: 1e-6 }]))
    const reports = [1, 20, 40].map((step) => figures(relu, step, still))
    expect(kinds(evidence(relu, { reports, losses: flat }))).toEqual(['learningRateTooLow'])
    expect(kinds(evidence(relu, { reports, losses: losses(2.3, 2.3) }))).toEqual([])
    expect(kinds(evidence(relu, { losses: flat }))).toEqual([])
  })
})

describe('numbers that gave out', () => {
  const failure = { step: 30, layer: '2', layerType: 'Linear', operation: 'forward' } as const

  it('are told with layer, operation and step where nothing explains them', () => {
    expect(verdictsOf(evidence(relu, { failure }))).toMatchObject([
      { kind: 'notANumber', ...failure },
    ])
  })

  it('are the learning rate’s work after updates as large as the weights', () => {
    const reports = [figures(relu, 1, { 0: { updateRatio: 2 } })]
    expect(kinds(evidence(relu, { reports, failure }))).toEqual(['learningRateTooHigh'])
  })

  it('are the init’s work where the gradient exploded before any update', () => {
    const reports = [
      figures(relu, 1, {
        ...gradients(1e6, 1e4, 1, 1e-2),
        0: { ...gradients(1e6)[0], updateRatio: 2 },
      }),
    ]
    expect(kinds(evidence(relu, { reports, failure }))).toEqual(['exploding'])
  })

  it('in the first forward pass point to the init', () => {
    const first = { ...failure, step: 0 }
    expect(verdictsOf(evidence(relu, { reports: [], failure: first }))[0]?.remedies).toMatchObject([
      { kind: 'fitInit' },
    ])
  })
})

describe('overfitting', () => {
  const epochsOf = (...pairs: readonly (readonly [number, number])[]): readonly EpochRecord[] =>
    pairs.map(([trainLoss, valLoss], i) => ({
      epoch: i + 1,
      step: 10 * i,
      trainLoss,
      trainAccuracy: 0.9,
      valLoss,
      valAccuracy: 0.9,
      seconds: 1,
      imagesPerSecond: 1,
      lr: 0.1,
    }))

  it('begins after the best epoch, when three epochs in a row are a tenth worse', () => {
    const epochs = epochsOf([1, 1], [0.8, 0.9], [0.5, 1], [0.3, 1.1], [0.2, 1.2])
    expect(verdictsOf(evidence(relu, { epochs }))).toMatchObject([
      { kind: 'overfitting', sinceEpoch: 3, severity: 'warning' },
    ])
    expect(kinds(evidence(relu, { epochs: epochs.slice(0, 4) }))).toEqual([])
  })

  it('is none while the training loss rises with it', () => {
    const epochs = epochsOf([1, 1], [0.8, 0.9], [0.9, 1.1], [0.9, 1.1], [0.9, 1.2])
    expect(kinds(evidence(relu, { epochs }))).toEqual([])
  })

  it('is told beside an illness of the layers', () => {
    const epochs = epochsOf([1, 1], [0.8, 0.9], [0.5, 1], [0.3, 1.1], [0.2, 1.2])
    const reports = [figures(relu, 20, { 1: { dead: 0.9 } })]
    expect(kinds(evidence(relu, { epochs, reports }))).toEqual(['deadUnits', 'overfitting'])
  })
})

describe('remedies', () => {
  it('of every verdict make a spec that can be run, also inside residual blocks', () => {
    const spec = specWith('Tanh', {
      dataset: { trainSize: 400, valSize: 100 },
      model: {
        layers: [
          { type: 'Linear', outFeatures: 16, init: { bias: { type: 'constant_', val: -1 } } },
          { type: 'Residual', layers: [{ type: 'Linear', outFeatures: 16 }, { type: 'Tanh' }] },
          { type: 'ReLU' },
          { type: 'Linear', outFeatures: 10 },
        ],
      },
    })
    const inside: LayerReport = {
      layer: '1.1',
      type: 'Tanh',
      output: spread(1),
      outputGradient: spread(1),
      gradientNorm: null,
      weightNorm: null,
      updateRatio: null,
      dead: 0,
      saturated: 0.9,
    }
    const [saturated] = verdictsOf(
      evidence(spec, { reports: [{ step: 20, reports: [inside] }], losses: flat }),
    )
    const changed = (saturated?.remedies ?? []).map(({ fixes }) => fixes.reduce(applyFix, spec))
    expect(changed).toHaveLength(2)
    expect(changed[1]?.model.layers[1]).toMatchObject({
      layers: [{ init: { weight: { type: 'kaiming_normal_' } } }, { type: 'ReLU' }],
    })
  })
})

it('the figures that are kept are the first and the last three', () => {
  const steps = [1, 20, 40, 60, 80, 100]
  const kept = steps
    .map((step) => figures(relu, step))
    .reduce<readonly LayerFigures[]>(keepFigures, [])
  expect(kept.map(({ step }) => step)).toEqual([1, 60, 80, 100])
  // A resumed run goes over some steps again.
  expect(keepFigures(kept, figures(relu, 60)).map(({ step }) => step)).toEqual([1, 60])
})
