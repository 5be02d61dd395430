import { accuracyDocuments } from './accuracy-presets'
import type { RunSpec, RunSpecInput } from './run-spec'
import { runSpecSchema } from './run-spec'

/** A ready document with a purpose; texts for people are kept by the window, keyed by `id`. */
export interface Preset {
  readonly id: string
  readonly spec: RunSpec
}

type Layers = RunSpecInput['model']['layers']

const small: Layers = [
  { type: 'Linear', outFeatures: 128 },
  { type: 'ReLU' },
  { type: 'Linear', outFeatures: 10 },
]

/** Ten hidden layers of 32 units. */
function deep(activation: 'Sigmoid' | 'ReLU', init: LinearInit): Layers {
  const layer = [{ type: 'Linear', outFeatures: 32, init } as const, { type: activation } as const]
  return [...Array.from({ length: 10 }, () => layer).flat(), { type: 'Linear', outFeatures: 10 }]
}

type LinearInit = { readonly weight: { readonly type: 'normal_' } } | null

const documents = {
  starter: { version: 1, name: 'starter', model: { layers: small } },
  ...accuracyDocuments,
  /** The gradient shrinks about sevenfold a layer and the first layers do not learn. */
  'deep-sigmoid': {
    version: 1,
    name: 'deep sigmoid',
    model: { layers: deep('Sigmoid', null) },
    optimizer: { type: 'SGD', lr: 0.1 },
    training: { epochs: 5, diagnoseEvery: 50 },
  },
  /** Weights of deviation 1, where He's init asks for 0.25: both signals grow three- to fourfold a layer. */
  'exploding-relu': {
    version: 1,
    name: 'exploding ReLU',
    model: { layers: deep('ReLU', { weight: { type: 'normal_' } }) },
    optimizer: { type: 'SGD', lr: 0.01 },
    training: { epochs: 5, diagnoseEvery: 50 },
  },
  /** Biases so far below zero that most units are off for every image. */
  'dead-relu': {
    version: 1,
    name: 'dead ReLU',
    model: {
      layers: [
        {
          type: 'Linear',
          outFeatures: 128,
          init: { bias: { type: 'constant_', val: -3 } },
        },
        { type: 'ReLU' },
        { type: 'Linear', outFeatures: 10 },
      ],
    },
    training: { epochs: 5, diagnoseEvery: 50 },
  },
  /** Weights of deviation 1 on 784 inputs: tanh gets ±28 and answers ±1, flat on either side. */
  'saturated-tanh': {
    version: 1,
    name: 'saturated tanh',
    model: {
      layers: [
        { type: 'Linear', outFeatures: 128, init: { weight: { type: 'normal_' } } },
        { type: 'Tanh' },
        { type: 'Linear', outFeatures: 64, init: { weight: { type: 'normal_' } } },
        { type: 'Tanh' },
        { type: 'Linear', outFeatures: 10 },
      ],
    },
    training: { epochs: 5, diagnoseEvery: 50 },
  },
  'rate-too-high': {
    version: 1,
    name: 'learning rate too high',
    model: { layers: small },
    optimizer: { type: 'SGD', lr: 10 },
    training: { epochs: 5, diagnoseEvery: 50 },
  },
  'rate-too-low': {
    version: 1,
    name: 'learning rate too low',
    model: { layers: small },
    optimizer: { type: 'SGD', lr: 1e-6 },
    training: { epochs: 5, diagnoseEvery: 50 },
  },
  /** 300 images and 100,000 weights. */
  overfitting: {
    version: 1,
    name: 'overfitting',
    dataset: { trainSize: 400, valSize: 100 },
    model: { layers: small },
    optimizer: { type: 'Adam', lr: 3e-3 },
    training: { epochs: 20, batchSize: 32, diagnoseEvery: 50 },
  },
  /** Without eps, and with pixels that are always 0, Adam divides 0 by 0 in its first step. */
  'not-a-number': {
    version: 1,
    name: 'not a number',
    dataset: { normalize: { mean: 0, std: 1 } },
    model: { layers: small },
    optimizer: { type: 'Adam', eps: 0 },
    training: { epochs: 5, diagnoseEvery: 50 },
  },
} satisfies Record<string, RunSpecInput>

export type PresetId = keyof typeof documents

export const presets: readonly Preset[] = Object.entries(documents).map(([id, document]) => ({
  id,
  spec: runSpecSchema.parse(document),
}))

export function presetById(id: PresetId): RunSpec {
  return runSpecSchema.parse(documents[id])
}
