import { fieldOf } from '#core/spec/infer'
import type { LayerType, ModelSpec } from '#core/spec/layers'
import type { RunSpec } from '#core/spec/run-spec'
import type { LayerFigures } from './evidence'
import { lowerRate } from './learning-rate'
import { replaceActivations } from './replace-activations'
import type { Remedy, Verdict } from './verdict'
import { hiddenActivations, linearLayers } from './walk-layers'

/** Activations with a side of slope 0, on which a unit can get stuck. */
const dying: ReadonlySet<LayerType> = new Set<LayerType>([
  'ReLU',
  'ReLU6',
  'Threshold',
  'Hardswish',
])

/**
 * Far inside a deep net all images look alike, so that up to half of the units are silent for a whole batch and nothing is
 * wrong; narrow layers scatter around that. Four fifths is no accident.
 */
const TOO_MANY = 0.8

/** Most units of a hidden layer are off for every image: nothing can bring them back, for they get no gradient. */
export function deadUnits({ reports }: LayerFigures, spec: RunSpec): Verdict | null {
  for (const { path } of hiddenActivations(spec.model).filter((it) => dying.has(it.spec.type))) {
    const share = reports.find(({ layer }) => layer === path)?.dead ?? 0
    if (share < TOO_MANY) continue
    return {
      kind: 'deadUnits',
      layer: path,
      share,
      severity: share === 1 ? 'error' : 'warning',
      remedies: [
        ...resetBiases(spec.model),
        ...replaceActivations(spec, dying, 'LeakyReLU'),
        lowerRate(spec),
      ],
    }
  }
  return null
}

/** Biases that an init of their own pushes off zero. */
function resetBiases(model: ModelSpec): readonly Remedy[] {
  const fixes = linearLayers(model).flatMap(({ path, spec }) =>
    spec.init === null || spec.init.bias === null
      ? []
      : [{ kind: 'set', path: `${fieldOf(path, 'init')}.bias`, value: null } as const],
  )
  return fixes.length === 0 ? [] : [{ kind: 'resetBias', value: null, fixes }]
}
