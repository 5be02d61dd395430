import type { Floats } from '#core/tensor/floats'

/** Complete state of an optimizer, of averaged weights and the like: named tensors and named numbers. */
export interface OptimState {
  readonly tensors: ReadonlyMap<
    string,
    { readonly shape: readonly number[]; readonly data: Floats }
  >
  readonly numbers: Readonly<Record<string, number>>
}

/** A state that belongs to another optimizer, model or option. */
export class OptimStateError extends Error {
  override readonly name = 'OptimStateError'
}

/** Where a tensor of a state is to be copied. */
export interface StateTarget {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Floats
}

/** Copies of the targets, under their names. */
export function exportTensors(targets: readonly StateTarget[]): OptimState['tensors'] {
  return new Map(targets.map(({ name, shape, data }) => [name, { shape, data: data.slice() }]))
}

/** Throws OptimStateError unless the state has exactly the targets' names and shapes. */
export function checkTensors(state: OptimState, targets: readonly StateTarget[]): void {
  for (const { name, shape } of targets) {
    const found = state.tensors.get(name)
    if (found === undefined) throw new OptimStateError(`the state lacks the tensor "${name}"`)
    if (found.shape.join() !== shape.join()) {
      throw new OptimStateError(
        `the tensor "${name}" has the shape [${found.shape.join(', ')}], expected [${shape.join(', ')}]`,
      )
    }
  }
  const names = new Set(targets.map(({ name }) => name))
  for (const name of state.tensors.keys()) {
    if (!names.has(name)) throw new OptimStateError(`the state has a tensor "${name}" too many`)
  }
}

/** Copies checked tensors into their targets. */
export function importTensors(state: OptimState, targets: readonly StateTarget[]): void {
  for (const { name, data } of targets) data.set(state.tensors.get(name)?.data ?? data)
}
