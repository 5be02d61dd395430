import type { Mt19937 } from '#core/tensor/mt19937'
import { uniform_ } from '#core/tensor/torch-random'
import type { Linear } from '../modules/linear'
import { fillBias, fillWeight } from './fill'

/**
 * nn.Linear.reset_parameters, bit for bit: kaiming_uniform_(a = sqrt 5) for the weight, then the bias, both uniform
 * in +-1 / sqrt(in).
 */
export function resetLinear(linear: Linear, generator: Mt19937): void {
  const { weight, bias, inFeatures, outFeatures } = linear
  fillWeight(
    weight.value,
    outFeatures,
    inFeatures,
    { type: 'kaiming_uniform_', a: Math.sqrt(5), mode: 'fan_in', nonlinearity: 'leaky_relu' },
    generator,
  )
  const bound = 1 / Math.sqrt(inFeatures)
  if (bias !== null) uniform_(bias.value, -bound, bound, generator)
}

/** Applies the initialisation that the spec names for this layer, if any: weight first, then bias. */
export function initLinear(linear: Linear, generator: Mt19937): void {
  const { weight, bias, inFeatures, outFeatures, spec } = linear
  if (spec.init === null) return
  if (spec.init.weight !== null)
    fillWeight(weight.value, outFeatures, inFeatures, spec.init.weight, generator)
  if (spec.init.bias !== null && bias !== null) fillBias(bias.value, spec.init.bias, generator)
}
