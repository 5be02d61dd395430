import type { StateTensor } from '#core/backend/backend'
import { buildNetwork } from '#core/nn/build-network'
import { initNetwork } from '#core/nn/init/init-network'
import type { Parameter } from '#core/nn/module'
import type { ModelSpec } from '#core/spec/layers'
import type { Mt19937 } from '#core/tensor/mt19937'

/**
 * The first parameters, as `torch.manual_seed(seed); nn.Sequential(...)` draws them: layer by layer, in float32, from the
 * default generator.
 */
export function drawParameters(model: ModelSpec, generator: Mt19937): readonly Parameter[] {
  const network = buildNetwork(model, (length) => new Float32Array(length))
  initNetwork(network, generator)
  return network.parameters
}

export function toStateTensor({ name, shape, value }: Parameter): [string, StateTensor] {
  return [name, { shape, data: Float32Array.from(value) }]
}
