import type { ElementwiseSpec, OptimizerSpec, ParamGroupSpec } from '#core/spec/optimizers'
import type { ParameterInfo } from './parameter'

/** Parameters that share a rate and a weight decay: torch's param_group. */
export interface ParameterGroup<S, P> {
  /** Their optimizer: Muon leaves what is no matrix to another one. */
  readonly spec: S
  readonly lr: number
  readonly weightDecay: number
  readonly parameters: readonly P[]
}

/**
 * The groups of `optimizer.param_groups`, none empty, in the order of their first parameter; for Muon those of the weight
 * matrices, then those of `others`. A parameter takes all overrides that match it, a later one winning.
 */
export function parameterGroups<S extends OptimizerSpec, P extends ParameterInfo>(
  spec: S,
  parameters: readonly P[],
): readonly ParameterGroup<S | ElementwiseSpec, P>[] {
  if (spec.type !== 'Muon') return groupsOf(spec, parameters)
  return [
    ...groupsOf(spec, parameters.filter(isMatrix)),
    ...groupsOf(
      spec.others,
      parameters.filter((parameter) => !isMatrix(parameter)),
    ),
  ]
}

function groupsOf<S extends OptimizerSpec, P extends ParameterInfo>(
  spec: S,
  parameters: readonly P[],
): ParameterGroup<S, P>[] {
  const groups = new Map<string, { lr: number; weightDecay: number; parameters: P[] }>()
  for (const parameter of parameters) {
    const overrides = spec.paramGroups.filter((override) => matches(override, parameter))
    const lr = last(overrides.map((override) => override.lr)) ?? spec.lr
    const weightDecay =
      last(overrides.map((override) => override.weightDecay)) ?? weightDecayOf(spec)
    const key = `${lr} ${weightDecay}`
    const group = groups.get(key) ?? { lr, weightDecay, parameters: [] }
    group.parameters.push(parameter)
    groups.set(key, group)
  }
  return [...groups.values()].map((group) => ({ spec, ...group }))
}

function isMatrix({ shape }: ParameterInfo): boolean {
  return shape.length === 2
}

function matches({ match }: ParamGroupSpec, parameter: ParameterInfo): boolean {
  switch (match.kind) {
    case 'biasesAndNorms':
      return parameter.kind !== 'weight'
    case 'layer':
      return parameter.layer === match.layer
  }
}

function last(values: readonly (number | undefined)[]): number | undefined {
  return values.findLast((value) => value !== undefined)
}

function weightDecayOf(spec: OptimizerSpec): number {
  return 'weightDecay' in spec ? spec.weightDecay : 0
}
