import type { RunSpec, RunSpecInput } from './run-spec'
import { runSpecSchema } from './run-spec'

/** A ready document with a purpose; texts for people are kept by the window, keyed by `id`. */
export interface Preset {
  readonly id: string
  readonly spec: RunSpec
}

const sigmoidLayers = Array.from({ length: 10 }, () => [
  { type: 'Linear', outFeatures: 32 } as const,
  { type: 'Sigmoid' } as const,
]).flat()

const documents = {
  starter: {
    version: 1,
    name: 'starter',
    model: {
      layers: [
        { type: 'Linear', outFeatures: 128 },
        { type: 'ReLU' },
        { type: 'Linear', outFeatures: 10 },
      ],
    },
  },
  /** Ten sigmoid layers: the gradient shrinks about fourfold a layer and the first layers do not learn. */
  'deep-sigmoid': {
    version: 1,
    name: 'deep sigmoid',
    model: { layers: [...sigmoidLayers, { type: 'Linear', outFeatures: 10 }] },
    optimizer: { type: 'SGD', lr: 0.1 },
    training: { epochs: 5, diagnoseEvery: 20 },
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
