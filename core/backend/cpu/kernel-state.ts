/* The state of a session whose optimizer lives in the kernels, under the names that the plain optimizers use. */
import type { Network } from '#core/nn/network'
import type { RunSpec } from '#core/spec/run-spec'
import type { SessionState, StateTensor } from '../backend'
import { PlainState } from '../plain-state'
import type { RuleSlot } from './kernels/update-rules'
import type { ParameterStore, StoredParameter } from './parameter-store'

/** How often the optimizer stepped, and how often values were taken into the averages. */
export interface KernelCounts {
  readonly steps: number
  readonly averaged: number
}

/** One tensor beside each parameter. */
interface Companion {
  readonly area: number
  readonly nameOf: (parameter: string) => string
}

export function exportKernelState(
  network: Network,
  store: ParameterStore,
  slots: readonly RuleSlot[],
  { steps, averaged }: KernelCounts,
): SessionState {
  store.pull('values')
  const tensors = new Map<string, StateTensor>()
  for (const { name, shape, value } of [...network.parameters, ...network.buffers])
    tensors.set(name, { shape, data: value.slice() })
  for (const [stored, { area, nameOf }] of companions(store, slots)) {
    const { name, shape } = stored.parameter
    tensors.set(nameOf(name), { shape, data: store.read(stored, area) })
  }
  const counts = store.averages === null ? {} : { 'averaged.n_averaged': averaged }
  return { tensors, numbers: { 'optimizer.step': steps, ...counts } }
}

/** Throws StateMismatchError and changes nothing where the state is that of another model or optimizer. */
export function importKernelState(
  spec: RunSpec,
  network: Network,
  store: ParameterStore,
  slots: readonly RuleSlot[],
  state: SessionState,
): KernelCounts {
  store.pull('values')
  new PlainState(spec, network, (length) => new Float32Array(length)).import(state)
  store.push('values')
  for (const [stored, { area, nameOf }] of companions(store, slots)) {
    const tensor = state.tensors.get(nameOf(stored.parameter.name))
    if (tensor !== undefined) store.write(stored, area, tensor.data)
  }
  return {
    steps: state.numbers['optimizer.step'] ?? 0,
    averaged: state.numbers['averaged.n_averaged'] ?? 0,
  }
}

function companions(
  store: ParameterStore,
  slots: readonly RuleSlot[],
): readonly (readonly [StoredParameter, Companion])[] {
  const all: Companion[] = slots.map((slot, i) => ({
    area: store.slots[i] ?? 0,
    nameOf: (parameter) => `optimizer.${parameter}.${slot.name}`,
  }))
  if (store.averages !== null)
    all.push({ area: store.averages, nameOf: (parameter) => `averaged.${parameter}` })
  return store.stored.flatMap((stored) => all.map((companion) => [stored, companion] as const))
}
