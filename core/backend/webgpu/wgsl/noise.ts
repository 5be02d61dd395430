/*
 * Layers that draw random numbers while they train: fn NAME(x, element, step, seed) -> y and fn NAMESlope(x, element, step, seed)
 * -> dy/dx. The backward pass draws the same words again, so that no mask is kept. `stream` is the number of the layer among all
 * layers of the model, blocks before their contents; `element` the index in the layer's output [N, F], `step` the optimizer steps
 * taken by the run before this one.
 */
import { SELU_ALPHA, SELU_SCALE } from '#core/nn/activations/exponential-linear'
import { domains, dropThreshold } from '#core/tensor/philox'
import { philox } from './philox'
import { f32, type Piece, u32 } from './piece'

/** y = x / (1 - p), or 0 with probability p. */
export function dropoutPiece(p: number, stream: number, name: string): Piece {
  return p === 1
    ? maps(name, '0.0', '0.0')
    : drawing(
        name,
        domains.dropout,
        stream,
        `let factor = select(${f32(1 / (1 - p))}, 0.0, word < ${u32(dropThreshold(p))});`,
        'x * factor',
        'factor',
      )
}

/** With probability p SELU's lowest value instead of x, then mapped by a x + b to mean 0 and variance 1. At p = 1, y = 0. */
export function alphaDropoutPiece(p: number, stream: number, name: string): Piece {
  const saturation = -SELU_SCALE * SELU_ALPHA
  const a = 1 / Math.sqrt((saturation * saturation * p + 1) * (1 - p))
  const b = -a * saturation * p
  return p === 1
    ? maps(name, '0.0', '0.0')
    : drawing(
        name,
        domains.dropout,
        stream,
        `let dropped = word < ${u32(dropThreshold(p))};`,
        `select(${f32(a)} * x + ${f32(b)}, ${f32(a * saturation + b)}, dropped)`,
        `select(${f32(a)}, 0.0, dropped)`,
      )
}

/** y = x above 0, slope * x elsewhere, the slope drawn from [lower, upper). In evaluation LeakyReLU with their mean. */
export function rreluPiece(lower: number, upper: number, stream: number, name: string): Piece {
  return drawing(
    name,
    domains.rrelu,
    stream,
    `let slope = select(${f32(lower)} + ${f32(upper - lower)} * (f32(word >> 8u) * 0x1p-24), 1.0, x > 0);`,
    'x * slope',
    'slope',
  )
}

function drawing(
  name: string,
  domain: number,
  stream: number,
  setup: string,
  value: string,
  slope: string,
): Piece {
  const word = `let word = randomWord(element, step, ${u32(stream)}, seed, ${u32(domain)});\n  ${setup}`
  return { uses: [philox], ...maps(name, value, slope, word) }
}

function maps(name: string, value: string, slope: string, setup = ''): Piece {
  const parameters = 'x: f32, element: u32, step: u32, seed: u32'
  return {
    code: `
fn ${name}(${parameters}) -> f32 {
  ${setup}
  return ${value};
}
fn ${name}Slope(${parameters}) -> f32 {
  ${setup}
  return ${slope};
}`,
  }
}
