import type { OptimizerSpecOf } from '#core/spec/optimizers'
import type { Floats } from '#core/tensor/floats'
import { lerp, rounding, slot, type OptimizerDefinition } from './definition'

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

  update(spec, { value, grad, shape, slots, step, lr, weightDecay }) {
    const round = rounding(value)
    const eps1 = spec.eps[0] ?? (value instanceof Float32Array ? float32Epsilon : Number.EPSILON)
    const alpha = Math.max(spec.eps[1], rootMeanSquare(value)) * Math.min(lr, 1 / Math.sqrt(step))
    const fresh = round(step ** spec.beta2Decay)
    const isFactored = slots.length === 2
    const rows = isFactored ? (shape[0] ?? 1) : 1
    const columns = value.length / rows
    if (isFactored) updateFactors(grad, slots[0], slots[1], fresh)
    else updateWhole(grad, slots[0], fresh)

    const floor = eps1 * eps1
    const mean = isFactored ? Math.max(meanOf(slots[0]), eps1) : 1
    const across = isFactored ? slots[1] : slots[0]
    let total = 0
    for (let r = 0; r < rows; r++) {
      const down = isFactored ? (slots[0][r] as number) / mean : 1
      for (let c = 0; c < columns; c++) {
        const g = grad[r * columns + c] as number
        total += (g * g) / Math.max(down * (across[c] as number), floor)
      }
    }
    const damping = Math.max(1, Math.sqrt(total) / (Math.sqrt(value.length) * spec.d))
    const stepSize = round((spec.maximize ? -alpha : alpha) / damping)
    const shrink = round(1 - lr * weightDecay)
    for (let r = 0; r < rows; r++) {
      const down = isFactored ? (slots[0][r] as number) / mean : 1
      for (let c = 0; c < columns; c++) {
        const i = r * columns + c
        const u = (grad[i] as number) / Math.sqrt(Math.max(down * (across[c] as number), floor))
        value[i] = (value[i] as number) * shrink
        value[i] = value[i] - stepSize * u
      }
    }
  },
}

function rootMeanSquare(values: Floats): number {
  let sum = 0
  for (const v of values) sum += v * v
  return Math.sqrt(sum) / Math.sqrt(values.length)
}

function meanOf(values: Floats): number {
  let sum = 0
  for (const v of values) sum += v
  return sum / values.length
}

function updateWhole(grad: Floats, variance: Floats, fresh: number): void {
  for (let i = 0; i < grad.length; i++) {
    const g = grad[i] as number
    variance[i] = lerp(variance[i] as number, g * g, fresh)
  }
}

/** rowVar and colVar take in the means of g² over each row and each column. */
function updateFactors(grad: Floats, rowVar: Floats, colVar: Floats, fresh: number): void {
  const [rows, columns] = [rowVar.length, colVar.length]
  for (let r = 0; r < rows; r++) {
    rowVar[r] = lerp(rowVar[r] as number, meanSquare(grad, r * columns, 1, columns), fresh)
  }
  for (let c = 0; c < columns; c++) {
    colVar[c] = lerp(colVar[c] as number, meanSquare(grad, c, columns, rows), fresh)
  }
}

/** Mean of the squares of `count` elements, `stride` apart. */
function meanSquare(grad: Floats, start: number, stride: number, count: number): number {
  let sum = 0
  for (let k = 0; k < count; k++) {
    const g = grad[start + k * stride] as number
    sum += g * g
  }
  return sum / count
}
