/* The three matrix products of a Linear layer over panels, blocked for the caches. */
import { type PanelMatrix, PANEL, ROW_BYTES } from '../panels'
import { type Code, control, i32, sequence } from '../wasm/instructions'
import type { FunctionBuilder, ModuleBuilder } from '../wasm/module-builder'
import { at, countUp, smaller, tileRows } from './loops'
import type { SimdTarget } from './target'
import { columnTile, rowTile } from './tile'

/** Longest shared dimension of one pass: its panel of the right operand (16 KB) stays in the first-level cache. */
const DEPTH = 512
/** Rows of the left operand that stay in the second-level cache over all panels. */
const ROW_BLOCK = 96
/** Panels of the right operand that stay in the second-level cache over all rows. */
const PANEL_BLOCK = 16
/** Rows of a weight gradient that are updated together. */
export const STRIP = 96

/** 64 zero bytes at this address start a product without bias. */
export interface Constants {
  readonly zeros: number
}

interface Depth {
  readonly from: number
  readonly to: number
}

/** Blocks of the shared dimension: fixed by the shape alone, so that sums do not depend on threads or tiles. */
function depthBlocks(depth: number): Depth[] {
  const count = Math.ceil(depth / DEPTH)
  const size = Math.ceil(depth / count / PANEL) * PANEL
  return Array.from({ length: count }, (_, i) => ({
    from: i * size,
    to: Math.min(depth, (i + 1) * size),
  }))
}

/**
 * Y [batch, out] = f(X [batch, in] W [in, out] + bias).
 * Exports `name`(first row, end row, first panel, end panel).
 */
export function forwardProduct(
  module: ModuleBuilder,
  target: SimdTarget,
  name: string,
  operands: {
    readonly input: PanelMatrix
    readonly weight: PanelMatrix
    /** Address of [out] values, or of zeros. */
    readonly bias: number | null
    readonly output: PanelMatrix
    /** f, as `activationFunction` makes it, or null. */
    readonly activation: FunctionBuilder | null
  },
  { zeros }: Constants,
): void {
  const { input, weight, bias, output, activation } = operands
  const blocks = depthBlocks(input.columns)
  const tiles = Array.from({ length: target.tileRows }, (_, r) =>
    rowTile(module, target, r + 1, input.stride),
  )
  const f = module.function(['i32', 'i32', 'i32', 'i32'], name)
  const [block, blockEnd, panel, row, right, out] = [1, 2, 3, 4, 5, 6].map(() => f.local('i32'))
  if (!block || !blockEnd || !panel || !row || !right || !out) throw new RangeError('locals')
  const product = ({ from, to }: Depth, i: number): Code =>
    countUp(
      panel,
      f.parameter(2).get,
      f.parameter(3).get,
      1,
      sequence(
        right.set(at(weight.address + from * ROW_BYTES, panel.get, weight.stride)),
        out.set(at(output.address, panel.get, output.stride)),
        row.set(block.get),
        tileRows(row, blockEnd.get, tiles, (tile) =>
          tile.call(
            at(input.address + (from / PANEL) * input.stride, row.get, ROW_BYTES),
            right.get,
            i32.add(out.get, at(0, row.get, ROW_BYTES)),
            i32.add(right.get, i32.const((to - from) * ROW_BYTES)),
            i > 0
              ? i32.add(out.get, at(0, row.get, ROW_BYTES))
              : bias === null
                ? i32.const(zeros)
                : at(bias, panel.get, ROW_BYTES),
            i32.const(i > 0 ? ROW_BYTES : 0),
          ),
        ),
        activation === null || i < blocks.length - 1
          ? []
          : activation.call(
              i32.add(out.get, at(0, block.get, ROW_BYTES)),
              at(0, i32.sub(blockEnd.get, block.get), ROW_BYTES),
            ),
      ),
    )
  f.emit(
    countUp(
      block,
      f.parameter(0).get,
      f.parameter(1).get,
      ROW_BLOCK,
      sequence(
        smaller(blockEnd, i32.add(block.get, i32.const(ROW_BLOCK)), f.parameter(1).get),
        ...blocks.map(product),
      ),
    ),
  )
}

/**
 * Gxᵀ [in, batch] = W [in, out] Gyᵀ [out, batch]. Exports `name`(first row, end row, panels of the batch).
 */
export function inputProduct(
  module: ModuleBuilder,
  target: SimdTarget,
  name: string,
  operands: {
    readonly weight: PanelMatrix
    readonly outputGradient: PanelMatrix
    readonly inputGradient: PanelMatrix
  },
  { zeros }: Constants,
): void {
  const { weight, outputGradient, inputGradient } = operands
  const tiles = Array.from({ length: target.tileRows }, (_, r) =>
    rowTile(module, target, r + 1, weight.stride),
  )
  const f = module.function(['i32', 'i32', 'i32'], name)
  const block = f.local('i32')
  const blockEnd = f.local('i32')
  const panel = f.local('i32')
  const row = f.local('i32')
  const right = f.local('i32')
  const out = f.local('i32')
  const product = ({ from, to }: Depth, i: number): Code =>
    sequence(
      row.set(f.parameter(0).get),
      tileRows(row, f.parameter(1).get, tiles, (tile) =>
        countUp(
          panel,
          block.get,
          blockEnd.get,
          1,
          sequence(
            right.set(
              at(outputGradient.address + from * ROW_BYTES, panel.get, outputGradient.stride),
            ),
            out.set(
              i32.add(
                at(inputGradient.address, panel.get, inputGradient.stride),
                at(0, row.get, ROW_BYTES),
              ),
            ),
            tile.call(
              at(weight.address + (from / PANEL) * weight.stride, row.get, ROW_BYTES),
              right.get,
              out.get,
              i32.add(right.get, i32.const((to - from) * ROW_BYTES)),
              i > 0 ? out.get : i32.const(zeros),
              i32.const(i > 0 ? ROW_BYTES : 0),
            ),
          ),
        ),
      ),
    )
  f.emit(
    countUp(
      block,
      i32.const(0),
      f.parameter(2).get,
      PANEL_BLOCK,
      sequence(
        smaller(blockEnd, i32.add(block.get, i32.const(PANEL_BLOCK)), f.parameter(2).get),
        ...depthBlocks(weight.columns).map(product),
      ),
    ),
  )
}

/** How the weight gradient of a strip is used: the last parameter of `weightProduct`. */
export const OVERWRITE = 0
export const ACCUMULATE = 1

/**
 * Gw [in, out] = Xᵀ [in, batch] Gy [batch, out].
 * Exports `name`(first row, end row, first panel, end panel, rows of the batch, use). Rows begin at multiples of 8. `use` is
 * OVERWRITE or ACCUMULATE (into `gradient`), or the address of STRIP * 32 bytes of scratch: then each finished strip
 * goes straight to the optimizer and the gradient is never stored.
 */
export function weightProduct(
  module: ModuleBuilder,
  target: SimdTarget,
  name: string,
  operands: {
    readonly input: PanelMatrix
    readonly outputGradient: PanelMatrix
    readonly gradient: PanelMatrix
    /** Code that updates the weights from (gradient address, offset of the weights in `gradient`, bytes). */
    readonly update: ((gradient: Code, offset: Code, bytes: Code) => Code) | null
  },
  { zeros }: Constants,
): void {
  const { input, outputGradient, gradient, update } = operands
  const f = module.function(['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], name)
  const [firstRow, endRow, firstPanel, endPanel, rows, use] = [0, 1, 2, 3, 4, 5].map((i) =>
    f.parameter(i),
  )
  if (!firstRow || !endRow || !firstPanel || !endPanel || !rows || !use)
    throw new RangeError('parameters')
  const strip = f.local('i32')
  const stripEnd = f.local('i32')
  const panel = f.local('i32')
  const row = f.local('i32')
  const right = f.local('i32')
  const to = f.local('i32')
  const start = f.local('i32')
  const step = f.local('i32')
  const tiles = new Map<string, FunctionBuilder>()
  const tileOf = (height: number, column: number): FunctionBuilder => {
    const key = `${height} ${column}`
    const tile = tiles.get(key) ?? columnTile(module, target, height, column, input.stride)
    tiles.set(key, tile)
    return tile
  }
  /** The tile of `height` rows that begins `ahead` rows after `row`, a multiple of 8. */
  const callTile = (height: number, ahead: number): Code =>
    tileOf(height, ahead % PANEL).call(
      at(
        input.address + Math.floor(ahead / PANEL) * input.stride,
        i32.shrU(row.get, i32.const(3)),
        input.stride,
      ),
      right.get,
      i32.add(to.get, i32.const(ahead * ROW_BYTES)),
      i32.add(right.get, at(0, rows.get, ROW_BYTES)),
      i32.add(start.get, i32.mul(step.get, i32.const(ahead))),
      step.get,
    )
  const group = target.tileRows === 6 ? 24 : PANEL
  const left = input.columns % PANEL
  const advance = (count: number): Code =>
    sequence(
      row.set(i32.add(row.get, i32.const(count))),
      to.set(i32.add(to.get, i32.const(count * ROW_BYTES))),
      start.set(i32.add(start.get, i32.mul(step.get, i32.const(count)))),
    )
  const heights = (count: number): number[] =>
    count <= target.tileRows ? [count] : [target.tileRows, ...heights(count - target.tileRows)]
  const callGroup = (sizes: readonly number[]): Code => {
    let ahead = 0
    return sizes.flatMap((height) => {
      const code = callTile(height, ahead)
      ahead += height
      return code
    })
  }
  const stripBytes = i32.mul(i32.sub(stripEnd.get, strip.get), i32.const(ROW_BYTES))
  const offset = i32.add(at(0, panel.get, gradient.stride), at(0, strip.get, ROW_BYTES))
  f.emit(
    countUp(
      strip,
      firstRow.get,
      endRow.get,
      STRIP,
      sequence(
        smaller(stripEnd, i32.add(strip.get, i32.const(STRIP)), endRow.get),
        countUp(
          panel,
          firstPanel.get,
          endPanel.get,
          1,
          sequence(
            right.set(at(outputGradient.address, panel.get, outputGradient.stride)),
            row.set(strip.get),
            control.if(
              i32.gtU(use.get, i32.const(ACCUMULATE)),
              to.set(use.get),
              to.set(i32.add(i32.const(gradient.address), offset)),
            ),
            start.set(i32.const(zeros)),
            step.set(i32.const(0)),
            control.if(
              i32.eq(use.get, i32.const(ACCUMULATE)),
              sequence(start.set(to.get), step.set(i32.const(ROW_BYTES))),
            ),
            control.while(
              i32.leU(i32.add(row.get, i32.const(group)), stripEnd.get),
              sequence(callGroup(heights(group)), advance(group)),
            ),
            group === PANEL
              ? []
              : control.while(
                  i32.leU(i32.add(row.get, i32.const(PANEL)), stripEnd.get),
                  sequence(callGroup([4, 4]), advance(PANEL)),
                ),
            left === 0 ? [] : control.if(i32.ltU(row.get, stripEnd.get), callGroup(heights(left))),
            update === null
              ? []
              : control.if(
                  i32.gtU(use.get, i32.const(ACCUMULATE)),
                  update(use.get, offset, stripBytes),
                ),
          ),
        ),
      ),
    ),
  )
}
