import type { RunSpecInput } from './run-spec'

type Layers = RunSpecInput['model']['layers']

const wide: Layers = [
  { type: 'Linear', outFeatures: 800 },
  { type: 'ReLU' },
  { type: 'Linear', outFeatures: 10 },
]

const affine = { shift: 2, rotate: 10, scale: 0.1, shear: 5 }
/** Less of each where the elastic distortion is added. */
const elastic = { shift: 1, rotate: 7.5, scale: 0.1, shear: 5, elastic: { alpha: 17 } }

/**
 * Nets that reach what is known of multilayer perceptrons on MNIST (Simard 2003, Srivastava 2014); README.md has the test
 * accuracies over five seeds. All with Adam at 1e-3, on a cosine to 0.
 */
export const accuracyDocuments = {
  'wide-800': {
    ...annealed('784-800-10', 20, 64),
    model: { layers: wide },
  },
  'dropout-512': {
    ...annealed('784-512-512-10, dropout', 20, 128),
    model: {
      layers: [...hidden(512, 0.2), ...hidden(512, 0.2), { type: 'Linear', outFeatures: 10 }],
    },
  },
  'dropout-3x1024': {
    ...annealed('3 x 1024, dropout, max-norm', 60, 128, 2),
    // Plain grey levels: what Dropout takes from the input is then background, 0.
    dataset: { normalize: { mean: 0, std: 1 } },
    model: {
      layers: [
        { type: 'Dropout', p: 0.2 },
        ...hidden(1024, 0.5),
        ...hidden(1024, 0.5),
        ...hidden(1024, 0.5),
        { type: 'Linear', outFeatures: 10 },
      ],
    },
  },
  'wide-800-affine': {
    ...annealed('784-800-10, affine', 40, 128),
    dataset: { augment: affine },
    model: { layers: wide },
  },
  'wide-800-elastic': {
    ...annealed('784-800-10, elastic', 80, 128),
    dataset: { augment: elastic },
    model: { layers: wide },
  },
} satisfies Record<string, RunSpecInput>

function hidden(units: number, p: number): Layers {
  return [{ type: 'Linear', outFeatures: units }, { type: 'ReLU' }, { type: 'Dropout', p }]
}

function annealed(name: string, epochs: number, batchSize: number, maxNorm: number | null = null) {
  return {
    version: 1,
    name,
    optimizer: { type: 'Adam' },
    scheduler: { type: 'CosineAnnealingLR', tMax: epochs },
    training: { epochs, batchSize, maxNorm },
  } as const
}
