import type { ElementwiseLayer } from '#core/nn/modules/elementwise-layer'
import type { NamedActivation } from './access'
import { DeviceError } from './device-error'

/** Until wgsl/activations.ts is there. */
export function standIn(name: string, { type, path }: ElementwiseLayer): NamedActivation {
  const bodies: Record<string, [string, string]> = {
    ReLU: ['max(x, 0.0)', 'select(0.0, 1.0, x > 0.0)'],
    Tanh: ['tanh(x)', '1.0 - y * y'],
  }
  const body = bodies[type]
  if (body === undefined) throw new DeviceError(`no kernel for ${type} (layer ${path})`)
  return {
    name,
    piece: {
      code: `fn ${name}(x: f32) -> f32 { return ${body[0]}; }
fn ${name}Slope(x: f32, y: f32) -> f32 { return ${body[1]}; }`,
    },
  }
}
