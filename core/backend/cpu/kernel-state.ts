/* The state of a session whose optimizer lives in the kernels, under the names that the plain optimizers use. */
import type { Network } from '#core/nn/network'
import type { RunSpec } from '#core/spec/run-spec'
import type { SessionState, StateTensor } from '../backend'
import { firstMomentum } from '../first-momentum'
import { PlainState } from '../plain-state'
import { type RuleSlot, type UpdateRule, updateRuleOf } from './kernels/update-rules'
import type { ParameterStore } from './parameter-store'

/** The optimizer's kernel, or null where something that has none looks at the weights after each step. */
export function kernelRule(spec: RunSpec): UpdateRule | null {
  if (spec.training.averaging !== null || spec.training.maxNorm !== null) return null
  return updateRuleOf(spec.optimizer, firstMomentum(spec))
}

export function exportKernelState(
  network: Network,
  store: ParameterStore,
  slots: readonly RuleSlot[],
  steps: number,
): SessionState {
  store.pull('values')
  const tensors = new Map<string, StateTensor>()
  for (const { name, shape, value } of [...network.parameters, ...network.buffers])
    tensors.set(name, { shape, data: value.slice() })
  for (const stored of store.stored)
    for (const [i, slot] of slots.entries())
      tensors.set(slotName(stored.parameter.name, slot), {
        shape: stored.parameter.shape,
        data: store.readSlot(stored, i),
      })
  return { tensors, numbers: { 'optimizer.step': steps } }
}

/** Throws StateMismatchError and changes nothing where the state is that of another model or optimizer. */
export function importKernelState(
  spec: RunSpec,
  network: Network,
  store: ParameterStore,
  slots: readonly RuleSlot[],
  state: SessionState,
): void {
  store.pull('values')
  new PlainState(spec, network, (length) => new Float32Array(length)).import(state)
  store.push('values')
  for (const stored of store.stored)
    for (const [i, slot] of slots.entries()) {
      const tensor = state.tensors.get(slotName(stored.parameter.name, slot))
      if (tensor !== undefined) store.writeSlot(stored, i, tensor.data)
    }
}

function slotName(parameter: string, slot: RuleSlot): string {
  return `optimizer.${parameter}.${slot.name}`
}
