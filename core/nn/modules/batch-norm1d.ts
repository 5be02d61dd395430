import type { BatchNorm1dSpec } from '#core/spec/layers'
import type { Floats } from '#core/tensor/floats'
import type { ForwardContext, NamedTensor, Parameter } from '../module'
import { ShapeError } from '../shape-error'
import { Layer, type Place } from './layer'

interface RunningStatistics {
  readonly mean: NamedTensor
  readonly variance: NamedTensor
  readonly batches: NamedTensor
}

/**
 * y = (x - mean) / sqrt(var + eps) * weight + bias over each column. In training, mean and biased variance of the
 * batch; the running statistics keep the unbiased one. In evaluation the running statistics, where they are kept.
 */
export class BatchNorm1d extends Layer {
  readonly type = 'BatchNorm1d'
  readonly weight: Parameter | null
  readonly bias: Parameter | null
  readonly running: RunningStatistics | null
  private readonly spec: BatchNorm1dSpec
  /** [features] of the last pass. */
  private readonly mean: Float64Array
  private readonly scale: Float64Array
  /** The running statistics are plain means over all batches, as with momentum null. */
  private cumulative = false
  /** Whether they came from the batch, and so depend on x. */
  private fromBatch = true

  constructor(place: Place, features: number, spec: BatchNorm1dSpec) {
    super(place, features, features)
    this.spec = spec
    this.weight = spec.affine ? this.addParameter('weight', [features], 'norm', 1) : null
    this.bias = spec.affine && spec.bias ? this.addParameter('bias', [features], 'norm') : null
    this.running = spec.trackRunningStats
      ? {
          mean: this.addBuffer('running_mean', [features]),
          variance: this.addBuffer('running_var', [features], 1),
          batches: this.addBuffer('num_batches_tracked', []),
        }
      : null
    this.mean = new Float64Array(features)
    this.scale = new Float64Array(features)
  }

  /** Forgets the running statistics; until `endCumulative` they become plain means over the batches that come. */
  beginCumulative(): void {
    this.running?.mean.value.fill(0)
    this.running?.variance.value.fill(1)
    this.running?.batches.value.fill(0)
    this.cumulative = true
  }

  endCumulative(): void {
    this.cumulative = false
  }

  /** @throws ShapeError for a batch of one in training: its variance is 0 (as in torch) */
  protected forwardRows(x: Floats, y: Floats, n: number, { training }: ForwardContext): void {
    this.fromBatch = training || this.running === null
    if (training && n === 1)
      throw new ShapeError(
        `BatchNorm1d (layer ${this.path}) expects more than 1 row in training, got 1`,
      )
    if (this.fromBatch) this.takeBatchStatistics(x, n, training)
    else this.takeRunningStatistics()
    this.normalize(x, y, n)
  }

  private takeBatchStatistics(x: Floats, n: number, training: boolean): void {
    const { outFeatures: width, mean, scale } = this
    const running = training ? this.running : null
    const momentum = running === null ? 0 : this.countBatch(running.batches.value)
    for (let i = 0; i < width; i++) {
      let sum = 0
      for (let row = 0; row < n; row++) sum += x[row * width + i] as number
      const average = sum / n
      let squares = 0
      for (let row = 0; row < n; row++) squares += ((x[row * width + i] as number) - average) ** 2
      mean[i] = average
      scale[i] = 1 / Math.sqrt(squares / n + this.spec.eps)
      if (running === null) continue
      blend(running.mean.value, i, average, momentum)
      blend(running.variance.value, i, squares / (n - 1), momentum)
    }
  }

  /** The weight of this batch in the running statistics. */
  private countBatch(batches: Floats): number {
    const count = (batches[0] ?? 0) + 1
    batches[0] = count
    return this.cumulative ? 1 / count : (this.spec.momentum ?? 1 / count)
  }

  private takeRunningStatistics(): void {
    const { running, mean, scale } = this
    if (running === null) return
    for (let i = 0; i < mean.length; i++) {
      mean[i] = running.mean.value[i] as number
      scale[i] = 1 / Math.sqrt((running.variance.value[i] as number) + this.spec.eps)
    }
  }

  private normalize(x: Floats, y: Floats, n: number): void {
    const { outFeatures: width, mean, scale } = this
    const weight = this.weight?.value
    const bias = this.bias?.value
    for (let row = 0; row < n; row++)
      for (let i = 0; i < width; i++) {
        const z = ((x[row * width + i] as number) - (mean[i] as number)) * (scale[i] as number)
        y[row * width + i] = z * (weight?.[i] ?? 1) + (bias?.[i] ?? 0)
      }
  }

  /**
   * With z = (x - mean) * scale, column by column: dx = weight * scale * (dy - mean(dy) - z * mean(dy z)) where the
   * statistics came from the batch, and weight * scale * dy where they did not.
   */
  protected backwardRows(dy: Floats, dx: Floats, n: number): void {
    const { outFeatures: width, input: x, weight, bias } = this
    for (let i = 0; i < width; i++) {
      const mean = this.mean[i] as number
      const scale = this.scale[i] as number
      let sum = 0
      let sumZ = 0
      for (let row = 0; row < n; row++) {
        const g = dy[row * width + i] as number
        sum += g
        sumZ += g * ((x[row * width + i] as number) - mean) * scale
      }
      if (weight !== null) weight.grad[i] = (weight.grad[i] as number) + sumZ
      if (bias !== null) bias.grad[i] = (bias.grad[i] as number) + sum
      const factor = (weight?.value[i] ?? 1) * scale
      const meanG = this.fromBatch ? sum / n : 0
      const meanGz = this.fromBatch ? sumZ / n : 0
      for (let row = 0; row < n; row++) {
        const z = ((x[row * width + i] as number) - mean) * scale
        dx[row * width + i] = factor * ((dy[row * width + i] as number) - meanG - z * meanGz)
      }
    }
  }
}

function blend(values: Floats, i: number, fresh: number, momentum: number): void {
  values[i] = (1 - momentum) * (values[i] as number) + momentum * fresh
}
