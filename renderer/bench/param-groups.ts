import type { OptimizerSpec, OptimizerType, ParamGroupSpec } from '#core/spec/optimizers'
import { optimizerSchema } from '#core/spec/optimizers'
import type { RunSpec } from '#core/spec/run-spec'
import { networkFacts } from '../network/network-facts'

/** Parameter groups as a person edits them: a target ("biasesAndNorms", "layer:2") and what differs for it. */
export type Target = 'biasesAndNorms' | `layer:${number}`

export interface TrainedLayer {
  /** Index in `model.layers`. */
  readonly index: number
  readonly type: string
  readonly outFeatures: number
}

/** The layers that an override can be for. */
export function trainedLayers(spec: RunSpec): readonly TrainedLayer[] {
  const { layers } = networkFacts(spec)
  return spec.model.layers.flatMap(({ type }, index) => {
    const facts = layers[index]
    return facts === undefined || facts.parameters === 0
      ? []
      : [{ index, type, outFeatures: facts.outFeatures }]
  })
}

export function targetOf({ match }: ParamGroupSpec): Target {
  return match.kind === 'layer' ? `layer:${match.layer}` : match.kind
}

export function withTarget(group: ParamGroupSpec, target: Target): ParamGroupSpec {
  return {
    ...group,
    match:
      target === 'biasesAndNorms'
        ? { kind: target }
        : { kind: 'layer', layer: Number(target.slice('layer:'.length)) },
  }
}

/** A group that changes something by itself: no decay for biases and norms, else a tenth of the rate for a layer. */
export function newGroup(
  groups: readonly ParamGroupSpec[],
  layers: readonly TrainedLayer[],
  optimizer: { readonly lr: number; readonly decays: boolean; readonly matricesOnly: boolean },
): ParamGroupSpec {
  const taken = new Set(groups.map(targetOf))
  if (optimizer.decays && !optimizer.matricesOnly && !taken.has('biasesAndNorms'))
    return { match: { kind: 'biasesAndNorms' }, weightDecay: 0 }
  const free = layers.find(({ index }) => !taken.has(`layer:${index}`)) ?? layers[0]
  return { match: { kind: 'layer', layer: free?.index ?? 0 }, lr: optimizer.lr / 10 }
}

/** The optimizer of that type with torch's defaults and as many of the present groups as it can take. */
export function changeOptimizer(present: OptimizerSpec, type: OptimizerType): OptimizerSpec {
  const groups = present.paramGroups.map(({ match, ...rest }) => {
    if (type !== 'Rprop') return { match, ...rest }
    return rest.lr === undefined ? { match } : { match, lr: rest.lr }
  })
  const useful = groups.filter((group) => Object.keys(group).length > 1)
  const own = type === 'Muon' ? useful.filter(({ match }) => match.kind === 'layer') : useful
  return optimizerSchema.parse({ type, ...(type === 'LBFGS' ? {} : { paramGroups: own }) })
}

/** null: the optimizer knows no weight decay. */
export function decayOf(optimizer: OptimizerSpec): number | null {
  return 'weightDecay' in optimizer ? optimizer.weightDecay : null
}
