import type { RunSpec } from '#core/spec/run-spec'
import type { LayerFigures } from './evidence'
import { fitInit } from './fit-init'
import { gradientFlow } from './gradient-flow'
import { replaceActivations } from './replace-activations'
import { squashing } from './saturated'
import type { Verdict } from './verdict'

/** A layer that gets a thousandth of the last layer's gradient needs a thousand epochs for one of the last layer's. */
const LOST = 1e-3

/** The gradient fades on its way to the first layers. */
export function vanishing(figures: LayerFigures, spec: RunSpec): Verdict | null {
  const flow = gradientFlow(figures, spec.model)
  if (flow === null || (flow.steps.at(-1)?.ratio ?? 1) > LOST) return null
  const from = flow.steps.find(({ ratio }) => ratio <= LOST)
  return {
    kind: 'vanishing',
    fromLayer: from?.layer ?? '',
    factorPerLayer: flow.factorPerLayer,
    severity: 'error',
    remedies: [...replaceActivations(spec, squashing, 'ReLU'), ...fitInit(spec.model)],
  }
}
