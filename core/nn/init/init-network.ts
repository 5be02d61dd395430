import type { Mt19937 } from '#core/tensor/mt19937'
import type { Module } from '../module'
import { Linear } from '../modules/linear'
import { type Network } from '../network'
import { initLinear, resetLinear } from './init-linear'

/**
 * Gives the network its first parameters, drawing as this torch program draws after torch.manual_seed:
 *
 *     model = nn.Sequential(...)          # every nn.Linear draws its default weight and bias, in order
 *     for layer in model.modules(): ...   # then the named functions of nn.init are applied, in order
 *
 * Slopes, normalisations and running statistics draw nothing: they stand as the network was built.
 */
export function initNetwork(network: Network, generator: Mt19937): void {
  const linears = linearsOf(network.root)
  for (const linear of linears) resetLinear(linear, generator)
  for (const linear of linears) initLinear(linear, generator)
}

function linearsOf(module: Module): Linear[] {
  if (module instanceof Linear) return [module]
  return module.children.flatMap(linearsOf)
}
