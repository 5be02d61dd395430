import type { Network } from '#core/nn/network'
import type { Parameter } from '#core/nn/module'
import { Linear } from '#core/nn/modules/linear'
import { type ArenaLayout, type Matrix, padded } from './arena-layout'
import type { Optimizers } from './optimizers'

/** A parameter in the arena. Weights of Linear layers are matrices [out, in], everything else one row. */
export interface StoredParameter {
  readonly parameter: Parameter
  /** Floats from the start of each region. */
  readonly offset: number
  readonly rows: number
  readonly width: number
  readonly stride: number
  /** Number of the cell in `Optimizers`. */
  readonly cell: number
  /** Whether the products make its gradient; that of the others is left in the gradients' region by the layer's backward kernel. */
  readonly fromProduct: boolean
}

/** A buffer of a layer (running statistics), one row. */
export interface StoredBuffer {
  readonly name: string
  readonly shape: readonly number[]
  readonly value: Parameter['value']
  readonly matrix: Matrix
}

/** Regions of equal layout: values, gradients, one for each slot of the optimizer, averages where the run keeps them. */
export class ParameterLayout {
  readonly stored: readonly StoredParameter[]
  readonly buffers: readonly StoredBuffer[]
  /** Floats of a region. */
  readonly size: number
  readonly values: number
  readonly gradients: number
  readonly slots: readonly number[]
  readonly averages: number | null

  constructor(arena: ArenaLayout, network: Network, optimizers: Optimizers, averages: boolean) {
    const products = new Set(
      network.layers.flatMap((layer) => (layer instanceof Linear ? layer.parameters() : [])),
    )
    let offset = 0
    this.stored = network.parameters.map((parameter) => {
      const { name, shape, value } = parameter
      const fromProduct = products.has(parameter)
      const isMatrix = fromProduct && shape.length === 2
      const rows = isMatrix ? (shape[0] ?? 0) : 1
      const width = isMatrix ? (shape[1] ?? 0) : value.length
      const stride = padded(width)
      const cell = optimizers.cellOf(name)
      const stored = { parameter, offset, rows, width, stride, cell, fromProduct }
      offset += Math.ceil((rows * stride) / 64) * 64
      return stored
    })
    this.size = offset
    this.values = arena.reserve(offset)
    this.gradients = arena.reserve(offset)
    this.slots = Array.from({ length: optimizers.slotCount }, () => arena.reserve(offset))
    this.averages = averages ? arena.reserve(offset) : null
    this.buffers = network.buffers.map(({ name, shape, value }) => ({
      name,
      shape,
      value,
      matrix: arena.matrix(1, value.length),
    }))
  }

  of(parameter: Parameter): StoredParameter {
    const found = this.stored.find((stored) => stored.parameter === parameter)
    if (found === undefined) throw new RangeError(`there is no parameter ${parameter.name}`)
    return found
  }

  /** The parameter's place in the region that begins at `region`. */
  matrixOf(parameter: Parameter, region: number): Matrix {
    const { offset, width, stride } = this.of(parameter)
    return { offset: region + offset, width, stride }
  }

  valueOf(parameter: Parameter): Matrix {
    return this.matrixOf(parameter, this.values)
  }
}

/** Between torch's dense rows and the padded ones of the arena. */
export function packRows(
  { offset, rows, width, stride }: Pick<StoredParameter, 'offset' | 'rows' | 'width' | 'stride'>,
  dense: ArrayLike<number>,
  region: Float32Array,
): void {
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < width; i++)
      region[offset + row * stride + i] = dense[row * width + i] as number
}

export function unpackRows(
  { offset, rows, width, stride }: Pick<StoredParameter, 'offset' | 'rows' | 'width' | 'stride'>,
  region: Float32Array,
  dense: Float32Array | Float64Array,
): void {
  for (let row = 0; row < rows; row++)
    dense.set(region.subarray(offset + row * stride, offset + row * stride + width), row * width)
}
