import type { Parameter as ModelParameter } from '#core/nn/module'
import type { Parameter } from '#core/optim/parameter'

/** A parameter of the network as optimizers see it: with the layer of `model.layers` that it belongs to. */
export function trainable(parameter: ModelParameter): Parameter {
  const { name, shape, value, grad, kind } = parameter
  return {
    name,
    shape,
    value,
    grad,
    kind: kind === 'slope' ? 'norm' : kind,
    layer: Number.parseInt(name, 10),
  }
}
