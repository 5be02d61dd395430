import type { StateTensor } from '#core/backend/backend'
import { buildNetwork } from '#core/nn/network'
import { initNetwork } from '#core/nn/init-network'
import type { ModelSpec } from '#core/spec/layers'
import type { Mt19937 } from '#core/tensor/mt19937'

/**
 * Draws the first parameters as `torch.manual_seed(seed); nn.Sequential(...)` does: layer by layer, in float32, from the
 * default generator.
 */
export function initialParameters(
  model: ModelSpec,
  generator: Mt19937,
): ReadonlyMap<string, StateTensor> {
  const network = buildNetwork(model, (length) => new Float32Array(length))
  initNetwork(network, model, generator)
  return new Map(
    network.parameters().map(({ name, shape, value }) => [name, { shape, data: value }]),
  )
}
