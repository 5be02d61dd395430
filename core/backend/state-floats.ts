import type { Network } from '#core/nn/network'
import type { RunSpec } from '#core/spec/run-spec'
import { hollowFloats } from '#core/tensor/hollow-floats'
import { PlainState } from './plain-state'

/** Floats that the optimizer and the averages of a run keep beside the network's own. */
export function stateFloats(spec: RunSpec, network: Network): number {
  let floats = 0
  new PlainState(spec, network, (length) => {
    floats += length
    return hollowFloats(length)
  })
  return floats
}
