import type { RunSpec } from '#core/spec/run-spec'
import type { LayerFigures } from './evidence'
import { fitInit } from './fit-init'
import { gradientFlow } from './gradient-flow'
import type { Verdict } from './verdict'

/** The mirror of a vanished gradient: no learning rate suits layers whose gradients are so far apart. */
const OUT_OF_HAND = 1e3

/** The gradient grows on its way to the first layers. */
export function exploding(figures: LayerFigures, { model, training }: RunSpec): Verdict | null {
  const flow = gradientFlow(figures, model)
  if (flow === null || (flow.steps.at(-1)?.ratio ?? 1) < OUT_OF_HAND) return null
  const from = flow.steps.find(({ ratio }) => ratio >= OUT_OF_HAND)
  const clip = { kind: 'set', path: 'training.clipGradNorm', value: 1 } as const
  return {
    kind: 'exploding',
    fromLayer: from?.layer ?? '',
    factorPerLayer: flow.factorPerLayer,
    severity: 'error',
    remedies: [
      ...fitInit(model),
      ...(training.clipGradNorm === null
        ? [{ kind: 'clipGradients', value: 1, fixes: [clip] } as const]
        : []),
    ],
  }
}
