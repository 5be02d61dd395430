/*
 * The first layer over the pixels that are not zero. Normalisation is affine, x = scale * pixel + shift, so
 *   X W   = P W + shift * (column sums of W)
 *   Xᵀ Gy = Pᵀ Gy + shift * (column sums of Gy)
 * with sparse P = scale * pixels. There is no gradient with respect to X.
 */
import { type PanelMatrix, ROW_BYTES } from '../panels'
import { type Code, control, f32x4, i32, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, Local, ModuleBuilder } from '../wasm/module-builder'
import { ENTRY_BYTES, type SparseColumns, type SparseRows } from './images'
import { at, countUp, smaller } from './loops'
import type { SimdTarget } from './target'
import { multiplyAdd } from './target'
import type { Epilogue } from './tile'

/** Panels whose sums are kept in registers while a list of entries is read. */
const FORWARD_WIDTH = 6
const GRADIENT_WIDTH = 6
/** Pixels whose gradients are updated together. */
export const PIXEL_BLOCK = 32
/** Bytes of scratch that `sparseWeightProduct` needs. */
export const SPARSE_SCRATCH = GRADIENT_WIDTH * PIXEL_BLOCK * ROW_BYTES

type Pair = readonly [Local, Local]

/** sums[j] += value * row j, for every entry: `row` is the address of the first panel's row. */
function addEntries(
  f: FunctionBuilder,
  target: SimdTarget,
  entry: Local,
  end: Local,
  base: Local,
  stride: number,
  sums: readonly Pair[],
): Code {
  const value = f.local('v128')
  const row = f.local('i32')
  const body = sequence(
    value.set(v128.load32Splat(entry.get)),
    row.set(i32.add(base.get, i32.load(entry.get, 4))),
    ...sums.flatMap(([low, high], j) => {
      const address = j === 0 ? row.get : i32.add(row.get, i32.const(j * stride))
      return [
        low.set(multiplyAdd(target, value.get, v128.load(address), low.get)),
        high.set(multiplyAdd(target, value.get, v128.load(address, 16), high.get)),
      ]
    }),
    entry.set(i32.add(entry.get, i32.const(ENTRY_BYTES))),
  )
  const more = i32.ltU(entry.get, end.get)
  return control.if(more, control.doWhile(body, more))
}

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

function pairs(f: FunctionBuilder, count: number): Pair[] {
  return Array.from({ length: count }, () => [f.local('v128'), f.local('v128')] as const)
}

/**
 * Y [batch, out] = P W + shift * column sums of W + bias, then `epilogue`.
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
    readonly epilogue: Epilogue | null
  },
): void {
  const { input, weight, features, shift, bias, start, output, epilogue } = operands
  const width = Math.min(FORWARD_WIDTH, Math.ceil(weight.columns / 8))
  const blocks = Array.from({ length: width }, (_, i) => {
    const f = module.function(['i32', 'i32'])
    const panel = f.parameter(0)
    const row = f.local('i32')
    const entry = f.local('i32')
    const end = f.local('i32')
    const base = f.local('i32')
    const from = f.local('i32')
    const to = f.local('i32')
    const mark = f.local('i32')
    const accumulators = pairs(f, i + 1)
    const store = (address: Code, value: Local, offset: number): Code =>
      v128.store(address, epilogue === null ? value.get : epilogue(value.get), offset)
    f.emit(
      base.set(at(weight.address, panel.get, weight.stride)),
      from.set(at(start, panel.get, ROW_BYTES)),
      countUp(
        row,
        i32.const(0),
        f.parameter(1).get,
        1,
        sequence(
          ...accumulators.flatMap(([low, high], j) => [
            low.set(v128.load(from.get, j * ROW_BYTES)),
            high.set(v128.load(from.get, j * ROW_BYTES + 16)),
          ]),
          mark.set(at(input.marks, row.get, (input.groups + 1) * 4)),
          entry.set(i32.load(mark.get)),
          end.set(i32.load(mark.get, input.groups * 4)),
          addEntries(f, target, entry, end, base, weight.stride, accumulators),
          to.set(i32.add(at(output.address, panel.get, output.stride), at(0, row.get, ROW_BYTES))),
          ...accumulators.flatMap(([low, high], j) => [
            store(i32.add(to.get, i32.const(j * output.stride)), low, 0),
            store(i32.add(to.get, i32.const(j * output.stride)), high, 16),
          ]),
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
 * Gw [in, out] = Pᵀ Gy + shift * column sums of Gy. Exports `name`(first panel, end panel, rows, use): `use` as for
 * `weightProduct`, with SPARSE_SCRATCH bytes of scratch.
 */
export function sparseWeightProduct(
  module: ModuleBuilder,
  target: SimdTarget,
  name: string,
  sums: FunctionBuilder,
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
    const f = module.function(['i32', 'i32'])
    const panel = f.parameter(0)
    const use = f.parameter(1)
    const block = f.local('i32')
    const blockEnd = f.local('i32')
    const pixel = f.local('i32')
    const entry = f.local('i32')
    const end = f.local('i32')
    const base = f.local('i32')
    const from = f.local('i32')
    const to = f.local('i32')
    const jump = f.local('i32')
    const accumulators = pairs(f, i + 1)
    const offset = i32.add(at(0, panel.get, gradient.stride), at(0, block.get, ROW_BYTES))
    const fused = i32.gtU(use.get, i32.const(1))
    const panelTo = (j: number): Code => i32.add(to.get, i32.mul(jump.get, i32.const(j)))
    const add = accumulators.flatMap(([low, high], j) => [
      low.set(f32x4.add(low.get, v128.load(panelTo(j)))),
      high.set(f32x4.add(high.get, v128.load(panelTo(j), 16))),
    ])
    f.emit(
      base.set(at(outputGradient.address, panel.get, outputGradient.stride)),
      from.set(at(start, panel.get, ROW_BYTES)),
      jump.set(i32.const(gradient.stride)),
      control.if(fused, jump.set(i32.const(PIXEL_BLOCK * ROW_BYTES))),
      countUp(
        block,
        i32.const(0),
        i32.const(features),
        PIXEL_BLOCK,
        sequence(
          smaller(blockEnd, i32.add(block.get, i32.const(PIXEL_BLOCK)), i32.const(features)),
          control.if(fused, to.set(use.get), to.set(i32.add(i32.const(gradient.address), offset))),
          countUp(
            pixel,
            block.get,
            blockEnd.get,
            1,
            sequence(
              ...accumulators.flatMap(([low, high], j) => [
                low.set(v128.load(from.get, j * ROW_BYTES)),
                high.set(v128.load(from.get, j * ROW_BYTES + 16)),
              ]),
              entry.set(i32.load(at(input.begins, pixel.get, 4))),
              end.set(i32.load(at(input.ends, pixel.get, 4))),
              addEntries(f, target, entry, end, base, outputGradient.stride, accumulators),
              control.if(i32.eq(use.get, i32.const(1)), sequence(...add)),
              ...accumulators.flatMap(([low, high], j) => [
                v128.store(panelTo(j), low.get),
                v128.store(panelTo(j), high.get, 16),
              ]),
              to.set(i32.add(to.get, i32.const(ROW_BYTES))),
            ),
          ),
          update === null
            ? []
            : control.if(
                fused,
                sequence(
                  ...accumulators.map((_, j) =>
                    update(
                      i32.add(use.get, i32.const(j * PIXEL_BLOCK * ROW_BYTES)),
                      i32.add(offset, i32.const(j * gradient.stride)),
                      at(0, i32.sub(blockEnd.get, block.get), ROW_BYTES),
                    ),
                  ),
                ),
              ),
        ),
      ),
    )
    return f
  })
  const f = module.function(['i32', 'i32', 'i32', 'i32'], name)
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
      block.call(panel.get, f.parameter(3).get),
    ),
  )
}
