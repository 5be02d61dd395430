import { activationSchemas } from '#core/spec/activations'
import { applyFix } from '#core/spec/apply-fix'
import { fieldOf } from '#core/spec/infer'
import type { SpecFix } from '#core/spec/issue'
import type { LayerType } from '#core/spec/layers'
import type { RunSpec } from '#core/spec/run-spec'
import { fitInit } from './fit-init'
import type { Remedy } from './verdict'
import { hiddenActivations } from './walk-layers'

/** Puts `type` in the place of the hidden activations of the `unwanted` types, with the init that suits it. */
export function replaceActivations(
  spec: RunSpec,
  unwanted: ReadonlySet<LayerType>,
  type: 'ReLU' | 'LeakyReLU',
): readonly Remedy[] {
  const value = activationSchemas[type].parse({ type })
  const replaced = hiddenActivations(spec.model)
    .filter((layer) => unwanted.has(layer.spec.type))
    .map(({ path }): SpecFix => ({ kind: 'set', path: fieldOf(path, ''), value }))
  if (replaced.length === 0) return []
  const inits = fitInit(applyAll(spec, replaced).model).flatMap(({ fixes }) => fixes)
  return [{ kind: `use${type}`, value: null, fixes: [...replaced, ...inits] }]
}

function applyAll(spec: RunSpec, fixes: readonly SpecFix[]): RunSpec {
  return fixes.reduce(applyFix, spec)
}
