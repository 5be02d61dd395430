import type { Dataset } from '#core/data/dataset'
import { buildNetwork } from '#core/nn/build-network'
import type { RunSpec } from '#core/spec/run-spec'
import { hollowFloats } from '#core/tensor/hollow-floats'
import { firstMomentum } from '../first-momentum'
import { MEMORY_PARTS, type MemoryUse, memoryUse } from '../memory-use'
import { stateFloats } from '../state-floats'
import { Draft } from './draft'
import { PLAIN_SIMD } from './kernels/target'
import { updateRuleOf } from './kernels/update-rules'
import { PAGE_BYTES } from './wasm/runtime'

const FLOAT_BYTES = 4

/**
 * What a CPU session holds: its WebAssembly memory, and beside it the plain network (core/nn) with its values and
 * gradients, the images it was sent, and the optimizer's state where no kernel keeps it. Reserves nothing itself,
 * however large the net is.
 */
export function cpuMemory(
  setup: { readonly spec: RunSpec; readonly dataset: Dataset },
  threads: number,
): MemoryUse {
  const { spec, dataset } = setup
  const network = buildNetwork(spec.model, hollowFloats)
  const copy = FLOAT_BYTES * network.parameters.reduce((sum, { value }) => sum + value.length, 0)
  const rule = updateRuleOf(spec.optimizer, firstMomentum(spec))
  const plainFloats = rule === null ? stateFloats(spec, network) : 0
  // Vectors are as long with fused multiply-add as without it.
  const { arena } = new Draft(setup, network, rule, { target: PLAIN_SIMD, threads })
  const bytes = arena.pages * PAGE_BYTES
  const named = MEMORY_PARTS.filter((part) => part !== 'other').map((part) => arena.spent(part))
  const images = [dataset.train, dataset.test].reduce(
    (sum, set) => sum + set.images.length + set.labels.length,
    0,
  )
  return memoryUse({
    parameters: arena.spent('parameters') + copy,
    gradients: arena.spent('gradients') + copy,
    optimizerState: arena.spent('optimizerState') + plainFloats * FLOAT_BYTES,
    activations: arena.spent('activations'),
    dataset: arena.spent('dataset') + images,
    other: bytes - named.reduce((sum, part) => sum + part, 0),
    largestBuffer: bytes,
  })
}
