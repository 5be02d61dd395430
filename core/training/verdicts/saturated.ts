import type { LayerType } from '#core/spec/layers'
import type { RunSpec } from '#core/spec/run-spec'
import type { LayerFigures } from './evidence'
import { fitInit } from './fit-init'
import { replaceActivations } from './replace-activations'
import type { Verdict } from './verdict'
import { hiddenActivations } from './walk-layers'

/** Activations that are flat on both sides. That ReLU is flat for half of its inputs is how it works. */
export const squashing: ReadonlySet<LayerType> = new Set<LayerType>([
  'Sigmoid',
  'Tanh',
  'Softsign',
  'Hardtanh',
  'Hardsigmoid',
])

/** Where half of the outputs are on the flats, the layer passes on few gradients. A net may get there by learning, too. */
const TOO_MANY = 0.5

/** A hidden activation lies on its flat ends, where it lets no gradient through. */
export function saturated({ reports }: LayerFigures, spec: RunSpec): Verdict | null {
  const layers = hiddenActivations(spec.model).filter((it) => squashing.has(it.spec.type))
  for (const { path } of layers) {
    const share = reports.find(({ layer }) => layer === path)?.saturated ?? 0
    if (share < TOO_MANY) continue
    return {
      kind: 'saturated',
      layer: path,
      share,
      severity: 'error',
      remedies: [...fitInit(spec.model), ...replaceActivations(spec, squashing, 'ReLU')],
    }
  }
  return null
}
