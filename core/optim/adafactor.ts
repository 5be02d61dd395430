import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats } from '#core/tensor/floats'
import { lerp, rounding, slot, type OptimizerDefinition, type Update } from './definition'

type Factored = readonly [rowVar: Floats, colVar: Floats]
type Whole = readonly [variance: Floats]
type AdafactorSpec = OptimizerSpecOf<'Adafactor'>

const float32Epsilon = 2 ** -23

/**
 * torch.optim.Adafactor. The second moment of a matrix is kept as one value per row and one per column; vectors keep all.
 * Step alpha = max(eps2, rms(p)) * min(lr, 1 / sqrt(t)), damped where the rms of the update exceeds d; decoupled weight decay.
 */
export const adafactor: OptimizerDefinition<AdafactorSpec, Factored | Whole> = {
  slots(_spec, shape) {
    const [rows, columns] = shape
    return rows === undefined || columns === undefined
      ? [slot('variance', shape)]
      : [slot('row_var', [rows, 1]), slot('col_var', [1, columns])]
  },

  update(spec, at) {
    const { value, shape, step, lr, weightDecay } = at
    const eps1 = spec.eps[0] ?? (value instanceof Float32Array ? float32Epsilon : Number.EPSILON)
    const alpha = Math.max(spec.eps[1], rootMeanSquare(value)) * Math.min(lr, 1 / Math.sqrt(step))
    const round = rounding(value)
    const fresh = round(step ** spec.beta2Decay)
    const [rows = 1, columns = 1] = shape
    if (at.slots.length === 2) updateFactors(at.grad, at.slots, rows, columns, fresh)
    else updateWhole(at.grad, at.slots[0], fresh)
    const estimate = varianceOf(at, rows, columns, eps1)
    let total = 0
    for (let i = 0; i < value.length; i++) {
      const u = scaled(at.grad[i] as number, estimate(i), eps1)
      total += u * u
    }
    const damping = Math.max(1, Math.sqrt(total) / (Math.sqrt(value.length) * spec.d))
    const stepSize = round((spec.maximize ? -alpha : alpha) / damping)
    const shrink = round(1 - lr * weightDecay)
    for (let i = 0; i < value.length; i++) {
      const u = scaled(at.grad[i] as number, estimate(i), eps1)
      value[i] = (value[i] as number) * shrink
      value[i] = (value[i] as number) - stepSize * u
    }
  },
}

function rootMeanSquare(values: Floats): number {
  let sum = 0
  for (const v of values) sum += v * v
  return Math.sqrt(sum) / Math.sqrt(values.length)
}

function updateWhole(grad: Floats, variance: Floats, fresh: number): void {
  for (let i = 0; i < grad.length; i++) {
    const g = grad[i] as number
    variance[i] = lerp(variance[i] as number, g * g, fresh)
  }
}

function updateFactors(
  grad: Floats,
  [rowVar, colVar]: Factored,
  rows: number,
  columns: number,
  fresh: number,
): void {
  for (let r = 0; r < rows; r++) {
    rowVar[r] = lerp(rowVar[r] as number, meanSquare(grad, r * columns, 1, columns), fresh)
  }
  for (let c = 0; c < columns; c++) {
    colVar[c] = lerp(colVar[c] as number, meanSquare(grad, c, columns, rows), fresh)
  }
}

function meanSquare(grad: Floats, start: number, stride: number, count: number): number {
  let sum = 0
  for (let k = 0; k < count; k++) {
    const g = grad[start + k * stride] as number
    sum += g * g
  }
  return sum / count
}

/** The estimate of g² at a flat index: row_var * col_var / mean(row_var) for a matrix. */
function varianceOf(
  { slots }: Update<Factored | Whole>,
  rows: number,
  columns: number,
  eps1: number,
): (i: number) => number {
  if (slots.length === 1) {
    const [variance] = slots
    return (i) => variance[i] as number
  }
  const [rowVar, colVar] = slots
  let mean = 0
  for (const v of rowVar) mean += v
  const scale = 1 / Math.max(mean / rows, eps1)
  return (i) => (rowVar[(i / columns) | 0] as number) * (colVar[i % columns] as number) * scale
}

function scaled(g: number, variance: number, eps1: number): number {
  return g / Math.sqrt(Math.max(variance, eps1 * eps1))
}
