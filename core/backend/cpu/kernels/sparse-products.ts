/*
 * The first layer over the pixels that are not zero. Normalisation is affine, x = scale * pixel + shift, so
 *   X W   = P W + shift * (column sums of W)
 *   Xᵀ Gy = Pᵀ Gy + shift * (column sums of Gy)
 * with sparse P = scale * pixels. There is no gradient with respect to X.
 */
import { type PanelMatrix, ROW_BYTES } from '../panels'
import { type Code, control, f32x4, i32, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, Local, ModuleBuilder } from '../wasm/module-builder'
import { BLOCK_ROWS, rangeBytes, type SparseColumns, type SparseRows } from './images'
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

/** Calls of as few blocks as will do, all about as wide: widths[w - 1] takes w panels. */
function inBlocks(
  panel: Local,
  end: Code,
  width: Local,
  blocks: readonly FunctionBuilder[],
  call: (block: FunctionBuilder) => Code,
): Code {
  const left = i32.sub(end, panel.get)
  const over = (count: Code, by: Code): Code =>
    i32.divU(i32.sub(i32.add(count, by), i32.const(1)), by)
  return control.while(
    i32.ltU(panel.get, end),
    sequence(
      width.set(over(left, over(left, i32.const(blocks.length)))),
      ...blocks.map((block, i) => control.if(i32.eq(width.get, i32.const(i + 1)), call(block))),
      panel.set(i32.add(panel.get, width.get)),
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
    const range = f.local('i32')
    const out = f.local('i32')
    const bytes = rangeBytes(input)
    const overRows = (block: number): Code => {
      const tile = listTile(
        module,
        target,
        { width: i + 1, starts: block === 0 },
        weight.stride,
        output.stride,
      )
      return sequence(
        out.set(at(output.address, panel.get, output.stride)),
        countUp(
          range,
          i32.const(input.ranges),
          at(input.ranges, f.parameter(1).get, bytes),
          bytes,
          sequence(
            tile.call(
              i32.load(range.get, block * 4),
              i32.load(range.get, block * 4 + 4),
              at(weight.address, panel.get, weight.stride),
              out.get,
              ...(block === 0 ? [at(start, panel.get, ROW_BYTES)] : []),
            ),
            out.set(i32.add(out.get, i32.const(ROW_BYTES))),
          ),
        ),
      )
    }
    f.emit(
      ...Array.from({ length: input.blocks }, (_, block) => overRows(block)),
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
  const blockWidth = f.local('i32')
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
    inBlocks(panel, f.parameter(1).get, blockWidth, blocks, (block) =>
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
    const f = module.function(['i32', 'i32', 'i32', 'i32'])
    const [panel, rows, use, scratch] = [
      f.parameter(0),
      f.parameter(1),
      f.parameter(2),
      f.parameter(3),
    ]
    const block = f.local('i32')
    const blockEnd = f.local('i32')
    const row = f.local('i32')
    const table = f.local('i32')
    const place = f.local('i32')
    const placeEnd = f.local('i32')
    const to = f.local('i32')
    const overPixels = (starts: boolean): Code => {
      const tile = listTile(
        module,
        target,
        { width: i + 1, starts },
        outputGradient.stride,
        PIXEL_BLOCK * ROW_BYTES,
      )
      return sequence(
        to.set(scratch.get),
        placeEnd.set(i32.add(table.get, at(0, blockEnd.get, 4))),
        countUp(
          place,
          i32.add(table.get, at(0, block.get, 4)),
          placeEnd.get,
          4,
          sequence(
            tile.call(
              i32.load(place.get, input.begins),
              i32.load(place.get, input.ends),
              at(outputGradient.address, panel.get, outputGradient.stride),
              to.get,
              ...(starts ? [at(start, panel.get, ROW_BYTES)] : []),
            ),
            to.set(i32.add(to.get, i32.const(ROW_BYTES))),
          ),
        ),
      )
    }
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
          table.set(i32.const(0)),
          overPixels(true),
          countUp(
            row,
            i32.const(BLOCK_ROWS),
            rows.get,
            BLOCK_ROWS,
            sequence(
              table.set(i32.add(table.get, i32.const(input.tableStride))),
              overPixels(false),
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
  const blockWidth = f.local('i32')
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
    inBlocks(panel, f.parameter(1).get, blockWidth, blocks, (block) =>
      block.call(panel.get, f.parameter(2).get, f.parameter(3).get, f.parameter(4).get),
    ),
  )
}
