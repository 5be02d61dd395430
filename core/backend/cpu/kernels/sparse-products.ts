/*
 * The first layer over the pixels that are not zero. Normalisation is affine, x = scale * pixel + shift, so
 *   X W   = P W + shift * (column sums of W)
 *   Xᵀ Gy = Pᵀ Gy + shift * (column sums of Gy)
 * with sparse P = scale * pixels. There is no gradient with respect to X.
 */
import { type PanelMatrix, ROW_BYTES } from '../panels'
import { type Code, control, f32x4, i32, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, Local, ModuleBuilder } from '../wasm/module-builder'
import { rangeOf, type SparseColumns, type SparseRows } from './images'
import { listTile } from './list-tile'
import { at, countUp, smaller } from './loops'
import type { SimdTarget } from './target'
import { multiplyAdd } from './target'

/** Panels whose sums are kept in registers while a list of entries is read. */
const FORWARD_WIDTH = 6
const GRADIENT_WIDTH = 6
/** Pixels whose gradients are updated together. */
export const PIXEL_BLOCK = 64
/** Bytes of scratch that `sparseWeightProduct` needs. */
export const SPARSE_SCRATCH = GRADIENT_WIDTH * PIXEL_BLOCK * ROW_BYTES

/** Calls of blocks as wide as possible, then a narrower one for the rest: widths[w - 1] takes w panels. */
function inBlocks(
  panel: Local,
  end: Code,
  blocks: readonly FunctionBuilder[],
  call: (block: FunctionBuilder) => Code,
): Code {
  return sequence(
    ...blocks
      .toReversed()
      .map((block, i) =>
        control.while(
          i32.leU(i32.add(panel.get, i32.const(blocks.length - i)), end),
          sequence(call(block), panel.set(i32.add(panel.get, i32.const(blocks.length - i)))),
        ),
      ),
  )
}

/**
 * Y [batch, out] = f(P W + shift * column sums of W + bias).
 * Exports `name`(first panel, end panel, rows).
 */
export function sparseForwardProduct(
  module: ModuleBuilder,
  target: SimdTarget,
  name: string,
  sums: FunctionBuilder,
  operands: {
    readonly input: SparseRows
    readonly weight: PanelMatrix
    /** Rows of `weight` that hold weights. */
    readonly features: number
    readonly shift: number
    readonly bias: number
    /** Address of room for [out] values: bias + shift * column sums. */
    readonly start: number
    readonly output: PanelMatrix
    readonly activation: FunctionBuilder | null
  },
): void {
  const { input, weight, features, shift, bias, start, output, activation } = operands
  const width = Math.min(FORWARD_WIDTH, Math.ceil(weight.columns / 8))
  const blocks = Array.from({ length: width }, (_, i) => {
    const f = module.function(['i32', 'i32'])
    const panel = f.parameter(0)
    const row = f.local('i32')
    const tile = listTile(module, target, i + 1, weight.stride, output.stride)
    f.emit(
      countUp(
        row,
        i32.const(0),
        f.parameter(1).get,
        1,
        sequence(
          tile.call(
            rangeOf(input, row.get).begin,
            rangeOf(input, row.get).end,
            at(weight.address, panel.get, weight.stride),
            at(start, panel.get, ROW_BYTES),
            i32.add(at(output.address, panel.get, output.stride), at(0, row.get, ROW_BYTES)),
          ),
        ),
      ),
      activation === null
        ? []
        : sequence(
            ...Array.from({ length: i + 1 }, (_, j) =>
              activation.call(
                at(output.address + j * output.stride, panel.get, output.stride),
                at(0, f.parameter(1).get, ROW_BYTES),
              ),
            ),
          ),
    )
    return f
  })
  const f = module.function(['i32', 'i32', 'i32'], name)
  const panel = f.local('i32')
  const to = f.local('i32')
  const half = (offset: number): Code =>
    v128.store(
      to.get,
      multiplyAdd(
        target,
        f32x4.const(shift),
        v128.load(to.get, offset),
        v128.load(at(bias, panel.get, ROW_BYTES), offset),
      ),
      offset,
    )
  f.emit(
    countUp(
      panel,
      f.parameter(0).get,
      f.parameter(1).get,
      1,
      sequence(
        to.set(at(start, panel.get, ROW_BYTES)),
        sums.call(
          at(weight.address, panel.get, weight.stride),
          i32.const(features),
          to.get,
          i32.const(0),
        ),
        half(0),
        half(16),
      ),
    ),
    panel.set(f.parameter(0).get),
    inBlocks(panel, f.parameter(1).get, blocks, (block) =>
      block.call(panel.get, f.parameter(2).get),
    ),
  )
}

/**
 * Gw [in, out] = Pᵀ Gy + shift * column sums of Gy. Exports `name`(first panel, end panel, rows, use, SPARSE_SCRATCH
 * bytes of scratch): `use` is OVERWRITE, ACCUMULATE or UPDATE of weight-product.ts.
 */
export function sparseWeightProduct(
  module: ModuleBuilder,
  target: SimdTarget,
  name: string,
  { sums, copy }: { readonly sums: FunctionBuilder; readonly copy: FunctionBuilder },
  operands: {
    readonly input: SparseColumns
    readonly features: number
    readonly shift: number
    readonly outputGradient: PanelMatrix
    readonly gradient: PanelMatrix
    /** Address of room for [out] values. */
    readonly start: number
    readonly update: ((gradient: Code, offset: Code, bytes: Code) => Code) | null
  },
): void {
  const { input, features, shift, outputGradient, gradient, start, update } = operands
  const width = Math.min(GRADIENT_WIDTH, Math.ceil(gradient.columns / 8))
  const blocks = Array.from({ length: width }, (_, i) => {
    const f = module.function(['i32', 'i32', 'i32'])
    const panel = f.parameter(0)
    const use = f.parameter(1)
    const scratch = f.parameter(2)
    const block = f.local('i32')
    const blockEnd = f.local('i32')
    const pixel = f.local('i32')
    const to = f.local('i32')
    const tile = listTile(module, target, i + 1, outputGradient.stride, PIXEL_BLOCK * ROW_BYTES)
    const offset = i32.add(at(0, panel.get, gradient.stride), at(0, block.get, ROW_BYTES))
    const bytes = at(0, i32.sub(blockEnd.get, block.get), ROW_BYTES)
    const finish = Array.from({ length: i + 1 }, (_, j) => {
      const part = i32.add(scratch.get, i32.const(j * PIXEL_BLOCK * ROW_BYTES))
      const place = i32.add(offset, i32.const(j * gradient.stride))
      const keep = copy.call(
        part,
        i32.add(i32.const(gradient.address), place),
        bytes,
        i32.eq(use.get, i32.const(1)),
      )
      return update === null
        ? keep
        : control.if(i32.gtU(use.get, i32.const(1)), update(part, place, bytes), keep)
    })
    f.emit(
      countUp(
        block,
        i32.const(0),
        i32.const(features),
        PIXEL_BLOCK,
        sequence(
          smaller(blockEnd, i32.add(block.get, i32.const(PIXEL_BLOCK)), i32.const(features)),
          to.set(scratch.get),
          countUp(
            pixel,
            block.get,
            blockEnd.get,
            1,
            sequence(
              tile.call(
                i32.load(at(input.begins, pixel.get, 4)),
                i32.load(at(input.ends, pixel.get, 4)),
                at(outputGradient.address, panel.get, outputGradient.stride),
                at(start, panel.get, ROW_BYTES),
                to.get,
              ),
              to.set(i32.add(to.get, i32.const(ROW_BYTES))),
            ),
          ),
          ...finish,
        ),
      ),
    )
    return f
  })
  const f = module.function(['i32', 'i32', 'i32', 'i32', 'i32'], name)
  const panel = f.local('i32')
  const to = f.local('i32')
  const half = (offset: number): Code =>
    v128.store(to.get, f32x4.mul(f32x4.const(shift), v128.load(to.get, offset)), offset)
  f.emit(
    countUp(
      panel,
      f.parameter(0).get,
      f.parameter(1).get,
      1,
      sequence(
        to.set(at(start, panel.get, ROW_BYTES)),
        sums.call(
          at(outputGradient.address, panel.get, outputGradient.stride),
          f.parameter(2).get,
          to.get,
          i32.const(0),
        ),
        half(0),
        half(16),
      ),
    ),
    panel.set(f.parameter(0).get),
    inBlocks(panel, f.parameter(1).get, blocks, (block) =>
      block.call(panel.get, f.parameter(3).get, f.parameter(4).get),
    ),
  )
}
