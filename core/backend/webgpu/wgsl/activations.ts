/*
 * The elementwise activations of core/nn/activations in WGSL. At kinks the derivative is PyTorch's. Wherever y tells the derivative
 * as well as x does, only y is used.
 */
import type { ElementwiseSpec } from '#core/nn/activations/elementwise'
import { SELU_ALPHA, SELU_SCALE } from '#core/nn/activations/exponential-linear'
import type { ActivationPiece } from './activation-piece'
import { exponential, expm1, log1p, logistic, normalCdf, tanh } from './functions'
import { f32, type Piece } from './piece'

/** Expressions over x and y; `setup` statements come before both. */
interface Formula {
  readonly setup?: string
  readonly value: string
  readonly slope: string
  readonly uses?: readonly Piece[]
}

export function activationPiece(spec: ElementwiseSpec, name: string): ActivationPiece {
  const { setup = '', value, slope, uses = [] } = formulaOf(spec)
  const slopeNeedsInput = setup !== '' || /\bx\b/.test(slope)
  return {
    uses,
    slopeNeedsInput,
    code: `
fn ${name}(x: f32) -> f32 {
${setup}  return ${value};
}
fn ${name}Slope(x: f32, y: f32) -> f32 {
${setup}  return ${slope};
}`,
  }
}

function formulaOf(spec: ElementwiseSpec): Formula {
  switch (spec.type) {
    case 'ReLU':
      return { value: 'select(x, 0.0, x <= 0)', slope: 'select(1.0, 0.0, y <= 0)' }
    case 'LeakyReLU':
      return leakyRelu(spec.negativeSlope)
    case 'ELU':
      return exponentialLinear(spec.alpha, 1)
    case 'CELU':
      return celu(spec.alpha)
    case 'SELU':
      return exponentialLinear(SELU_ALPHA, SELU_SCALE)
    case 'GELU':
      return spec.approximate === 'tanh' ? geluTanh : gelu
    case 'SiLU':
      return silu
    case 'Mish':
      return mish
    case 'Softplus':
      return softplus(spec.beta, spec.threshold)
    case 'Softsign':
      return { value: 'x / (1 + abs(x))', slope: '1 / ((1 + abs(x)) * (1 + abs(x)))' }
    case 'Sigmoid':
      return { value: 'logistic(x)', slope: 'y * (1 - y)', uses: [logistic] }
    case 'LogSigmoid':
      return logSigmoid
    case 'Tanh':
      return { value: 'hyperbolicTangent(x)', slope: '1 - y * y', uses: [tanh] }
    case 'Tanhshrink':
      return tanhshrink
    case 'Hardtanh':
      return hardtanh(spec.minVal, spec.maxVal)
    case 'Hardsigmoid':
      return {
        value: `${sixths} / 6`,
        slope: `select(0.0, ${f32(1 / 6)}, x > -3 && x < 3)`,
      }
    case 'Hardswish':
      return {
        value: `x * (${sixths} / 6)`,
        slope: 'select(select(1.0, x / 3 + 0.5, x < 3), 0.0, x <= -3)',
      }
    case 'ReLU6':
      return hardtanh(0, 6)
    case 'Hardshrink':
      return {
        value: `select(x, 0.0, x >= ${f32(-spec.lambd)} && x <= ${f32(spec.lambd)})`,
        slope: 'select(1.0, 0.0, y == 0)',
      }
    case 'Softshrink':
      return softshrink(spec.lambd)
    case 'Threshold':
      return {
        value: `select(x, ${f32(spec.value)}, x <= ${f32(spec.threshold)})`,
        slope: `select(1.0, 0.0, x <= ${f32(spec.threshold)})`,
      }
  }
}

/** min(max(x + 3, 0), 6), but NaN for NaN. */
const sixths = 'select(select(x + 3, 6.0, x + 3 > 6), 0.0, x + 3 < 0)'

/** Where the slope is negative, y does not tell the side. */
function leakyRelu(slope: number): Formula {
  const side = slope >= 0 ? 'y' : 'x'
  return {
    value: `select(${f32(slope)} * x, x, x > 0)`,
    slope: `select(${f32(slope)}, 1.0, ${side} > 0)`,
  }
}

/** scale * ELU(alpha): below 0 the derivative is scale * alpha * e^x = y + scale * alpha. */
function exponentialLinear(alpha: number, scale: number): Formula {
  const factor = f32(scale * alpha)
  return {
    value: `select(${factor} * expMinusOne(x), ${f32(scale)} * x, x > 0)`,
    slope:
      alpha >= 0
        ? `select(y + ${factor}, ${f32(scale)}, y > 0)`
        : `select(${factor} * exponential(x), ${f32(scale)}, x > 0)`,
    uses: [exponential, expm1],
  }
}

function celu(alpha: number): Formula {
  return {
    value: `select(${f32(alpha)} * expMinusOne(x / ${f32(alpha)}), x, x > 0)`,
    slope: `select(y / ${f32(alpha)} + 1, 1.0, y > 0)`,
    uses: [expm1],
  }
}

const gelu: Formula = {
  value: 'x * normalCdf(x)',
  slope: `normalCdf(x) + x * exponential(-0.5 * x * x) * ${f32(1 / Math.sqrt(2 * Math.PI))}`,
  uses: [exponential, normalCdf],
}

const BETA = Math.sqrt(2 / Math.PI)
const KAPPA = 0.044715

/** 0.5 (1 + tanh u) = logistic(2 u); beyond |x| = 100 the curved part of the derivative is 0. */
const geluTanh: Formula = {
  setup: `
  let s = logistic(${f32(2 * BETA)} * (x + ${f32(KAPPA)} * x * x * x));
  let c = clamp(x, -100.0, 100.0);
`,
  value: 'x * s',
  slope: `s + c * s * (1 - s) * ${f32(2 * BETA)} * (1 + ${f32(3 * KAPPA)} * c * c)`,
  uses: [logistic],
}

const silu: Formula = {
  value: 'x * logistic(x)',
  slope: 'logistic(x) * (1 + x * logistic(-x))',
  uses: [logistic],
}

/** tanh(softplus(x)) = n / (n + 2 m), with n = e² + 2 e, m = 1 below 0, and divided by e² above, z being e^-|x|. */
const mish: Formula = {
  setup: `
  let z = exponential(-abs(x));
  let n = select(1 + 2 * z, z * (z + 2), x < 0);
  let m = select(z * z, 1.0, x < 0);
  let t = n / (n + 2 * m);
`,
  value: 'x * t',
  slope: 't + x * logistic(x) * (4 * m * (n + m) / ((n + 2 * m) * (n + 2 * m)))',
  uses: [exponential, logistic],
}

function softplus(beta: number, threshold: number): Formula {
  const b = f32(beta)
  return {
    setup: `
  let scaled = ${b} * x;
  let linear = scaled > ${f32(threshold)};
`,
    value: `select((max(scaled, 0.0) + logOnePlus(exponential(-abs(scaled)))) / ${b}, x, linear)`,
    slope: 'select(logistic(scaled), 1.0, linear)',
    uses: [exponential, log1p, logistic],
  }
}

/** The derivative is 1 - sigmoid(x) = 1 - e^y. */
const logSigmoid: Formula = {
  value: 'select(0.0, x, x < 0) - logOnePlus(exponential(-abs(x)))',
  slope: '-expMinusOne(y)',
  uses: [exponential, log1p, expm1],
}

const tanhshrink: Formula = {
  value: 'x - hyperbolicTangent(x)',
  slope: 'hyperbolicTangent(x) * hyperbolicTangent(x)',
  uses: [tanh],
}

function hardtanh(minVal: number, maxVal: number): Formula {
  const [low, high] = [f32(minVal), f32(maxVal)]
  return {
    value: `select(select(x, ${high}, x > ${high}), ${low}, x < ${low})`,
    slope: `select(1.0, 0.0, y <= ${low} || y >= ${high})`,
  }
}

function softshrink(lambd: number): Formula {
  const bound = f32(lambd)
  return {
    value: `select(select(select(x, 0.0, abs(x) <= ${bound}), x + ${bound}, x < -${bound}), x - ${bound}, x > ${bound})`,
    slope: 'select(1.0, 0.0, y == 0)',
  }
}
