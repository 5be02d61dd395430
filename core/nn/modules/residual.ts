import type { Floats } from '#core/tensor/floats'
import type { ForwardContext, Module, NamedTensor, Parameter } from '../module'
import { ShapeError } from '../shape-error'
import { Layer, type Place } from './layer'
import { type Sequential } from './sequential'

/**
 * y = x + block(x). In torch: class Residual(nn.Sequential) whose forward returns x + super().forward(x), so that
 * the layers of the block are named "3.0", "3.1".
 */
export class Residual extends Layer {
  readonly type = 'Residual'
  override readonly children: readonly Module[]
  private readonly block: Sequential

  constructor(place: Place, block: Sequential) {
    super(place, block.inFeatures, block.outFeatures)
    if (block.outFeatures !== block.inFeatures)
      throw new ShapeError(
        `Residual (layer ${place.path}) expects a block that ends with ${block.inFeatures} features, got ${block.outFeatures}`,
      )
    this.block = block
    this.children = block.children
  }

  protected forwardRows(x: Floats, y: Floats, n: number, context: ForwardContext): void {
    addRows(x, this.block.forward(x, n, context), y, n * this.outFeatures)
  }

  protected backwardRows(dy: Floats, dx: Floats, n: number): void {
    addRows(dy, this.block.backward(dy, n), dx, n * this.outFeatures)
  }

  override parameters(): readonly Parameter[] {
    return this.block.parameters()
  }

  override buffers(): readonly NamedTensor[] {
    return this.block.buffers()
  }
}

function addRows(a: Floats, b: Floats, sum: Floats, count: number): void {
  for (let i = 0; i < count; i++) sum[i] = (a[i] as number) + (b[i] as number)
}
