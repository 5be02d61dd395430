/* The gradient of a Linear layer's weights over panels, blocked for the caches, and handed to the optimizer strip by strip. */
import { type PanelMatrix, PANEL, panelCount, ROW_BYTES } from '../panels'
import { type Code, control, i32, sequence } from '../wasm/instructions'
import type { FunctionBuilder, Local, ModuleBuilder } from '../wasm/module-builder'
import { at, countUp, smaller } from './loops'
import { packColumns } from './packing'
import { type Constants, DEPTH, PACK_FROM, STRIP } from './products'
import type { SimdTarget } from './target'
import { columnTile } from './tile'

/** How the gradient of a strip is used: `weightProduct`'s last parameter is the address of its scratch plus one of these. */
export const OVERWRITE = 0
export const ACCUMULATE = 1
export const UPDATE = 2
const USES = 3

export interface WeightOperands {
  readonly input: PanelMatrix
  readonly outputGradient: PanelMatrix
  readonly gradient: PanelMatrix
  readonly update: ((gradient: Code, offset: Code, bytes: Code) => Code) | null
}

/**
 * Gw [in, out] = Xᵀ [in, batch] Gy [batch, out].
 * Exports `name`(first row, end row, first panel, end panel, rows of the batch, use). Rows begin at multiples of 8. `use` is
 * the address of `productScratch` bytes of scratch, a multiple of 4, plus OVERWRITE or ACCUMULATE (into `gradient`), or UPDATE: then
 * each finished strip goes straight to the optimizer and the gradient is never stored.
 */
export function weightProduct(
  module: ModuleBuilder,
  target: SimdTarget,
  name: string,
  { input, outputGradient, gradient, update }: WeightOperands,
  constants: Constants,
): void {
  const f = module.function(['i32', 'i32', 'i32', 'i32', 'i32', 'i32'], name)
  const [firstRow, endRow, firstPanel, endPanel, rows, use] = [0, 1, 2, 3, 4, 5].map((i) =>
    f.parameter(i),
  )
  if (!firstRow || !endRow || !firstPanel || !endPanel || !rows || !use)
    throw new RangeError('parameters')
  const strip = f.local('i32')
  const stripEnd = f.local('i32')
  const panel = f.local('i32')
  const how = f.local('i32')
  const scratch = f.local('i32')
  const work: StripWork = {
    target,
    f,
    input,
    rows,
    strip,
    stripEnd,
    right: f.local('i32'),
    to: f.local('i32'),
    start: f.local('i32'),
    step: f.local('i32'),
    packedAt: i32.add(scratch.get, i32.const(STRIP * ROW_BYTES)),
  }
  const packs = panelCount(outputGradient.columns) >= PACK_FROM
  const { pack, multiply } = packs ? packedStrip(module, work, constants) : plainStrip(module, work)
  const offset = i32.add(at(0, panel.get, gradient.stride), at(0, strip.get, ROW_BYTES))
  const bytes = i32.mul(i32.sub(stripEnd.get, strip.get), i32.const(ROW_BYTES))
  const { right, to, start, step } = work
  f.emit(
    how.set(i32.and(use.get, i32.const(USES))),
    scratch.set(i32.sub(use.get, how.get)),
    countUp(
      strip,
      firstRow.get,
      endRow.get,
      STRIP,
      sequence(
        smaller(stripEnd, i32.add(strip.get, i32.const(STRIP)), endRow.get),
        pack,
        countUp(
          panel,
          firstPanel.get,
          endPanel.get,
          1,
          sequence(
            right.set(at(outputGradient.address, panel.get, outputGradient.stride)),
            to.set(i32.add(i32.const(gradient.address), offset)),
            control.if(i32.eq(how.get, i32.const(UPDATE)), to.set(scratch.get)),
            start.set(i32.const(constants.zeros)),
            step.set(i32.const(0)),
            control.if(
              i32.eq(how.get, i32.const(ACCUMULATE)),
              sequence(start.set(to.get), step.set(i32.const(ROW_BYTES))),
            ),
            multiply,
            update === null
              ? []
              : control.if(i32.eq(how.get, i32.const(UPDATE)), update(scratch.get, offset, bytes)),
          ),
        ),
      ),
    ),
  )
}

/** Where the product of one strip of rows with one panel finds its operands. */
interface StripWork {
  readonly target: SimdTarget
  readonly f: FunctionBuilder
  readonly input: PanelMatrix
  readonly rows: Local
  readonly strip: Local
  readonly stripEnd: Local
  /** The panel of the right operand. */
  readonly right: Local
  readonly to: Local
  /** What sums begin with, and bytes from one row of it to the next. */
  readonly start: Local
  readonly step: Local
  readonly packedAt: Code
}

interface StripCode {
  readonly pack: Code
  readonly multiply: Code
}

/** Heights of the tiles that make `count` rows. */
function heights(most: number, count: number): number[] {
  return count <= most ? [count] : [most, ...heights(most, count - most)]
}

/** Groups of tiles that begin at whole panels: most rows of a strip, then 8 at a time, then what is left. */
function overGroups(
  { target, f, input, strip, stripEnd }: StripWork,
  body: (heights: readonly number[], row: Local) => Code,
): Code {
  const row = f.local('i32')
  const left = input.columns % PANEL
  const group = target.tileRows === 6 ? 24 : PANEL
  const whole = (count: number, sizes: readonly number[]): Code =>
    control.while(
      i32.leU(i32.add(row.get, i32.const(count)), stripEnd.get),
      sequence(body(sizes, row), row.set(i32.add(row.get, i32.const(count)))),
    )
  return sequence(
    row.set(strip.get),
    whole(group, heights(target.tileRows, group)),
    group === PANEL ? [] : whole(PANEL, [4, 4]),
    left === 0
      ? []
      : control.if(i32.ltU(row.get, stripEnd.get), body(heights(target.tileRows, left), row)),
  )
}

function panelOf({ input }: StripWork, row: Local): Code {
  return at(input.address, i32.shrU(row.get, i32.const(3)), input.stride)
}

/** Reads the left operand where it lies. */
function plainStrip(module: ModuleBuilder, work: StripWork): StripCode {
  const { target, input, rows, right, to, start, step } = work
  const tiles = new Map<string, FunctionBuilder>()
  const tileOf = (height: number, column: number): FunctionBuilder => {
    const key = `${height} ${column}`
    const tile = tiles.get(key) ?? columnTile(module, target, height, column, input.stride)
    tiles.set(key, tile)
    return tile
  }
  const multiply = overGroups(work, (sizes, row) => {
    let ahead = 0
    const calls = sizes.map((height) => {
      const code = sequence(
        tileOf(height, ahead % PANEL).call(
          i32.add(panelOf(work, row), i32.const(Math.floor(ahead / PANEL) * input.stride)),
          right.get,
          to.get,
          i32.add(right.get, at(0, rows.get, ROW_BYTES)),
          start.get,
          step.get,
        ),
        nextRows(work, height),
      )
      ahead += height
      return code
    })
    return sequence(...calls)
  })
  return { pack: [], multiply }
}

/** Copies the strip first, then runs over it for each panel, DEPTH rows of the batch at a time. */
function packedStrip(module: ModuleBuilder, work: StripWork, { packed }: Constants): StripCode {
  const { target, f, input, rows, right, to, start, step } = work
  const strideOfStrips = f.local('i32')
  const source = f.local('i32')
  const from = f.local('i32')
  const end = f.local('i32')
  const firstTo = f.local('i32')
  const stepBytes = target.tileRows * 4
  const forward = (local: Local, count: number): Code =>
    local.set(i32.add(local.get, i32.mul(strideOfStrips.get, i32.const(count))))
  const pack = sequence(
    strideOfStrips.set(i32.mul(rows.get, i32.const(stepBytes))),
    source.set(work.packedAt),
    overGroups(work, (sizes, row) =>
      sequence(
        packColumns(module, target, sizes, input.stride).call(
          panelOf(work, row),
          source.get,
          rows.get,
          strideOfStrips.get,
        ),
        forward(source, sizes.length),
      ),
    ),
  )
  const multiply = sequence(
    firstTo.set(to.get),
    countUp(
      from,
      i32.const(0),
      rows.get,
      DEPTH,
      sequence(
        smaller(end, i32.add(from.get, i32.const(DEPTH)), rows.get),
        end.set(i32.add(right.get, i32.mul(i32.sub(end.get, from.get), i32.const(ROW_BYTES)))),
        to.set(firstTo.get),
        control.if(from.get, sequence(start.set(to.get), step.set(i32.const(ROW_BYTES)))),
        source.set(i32.add(work.packedAt, i32.mul(from.get, i32.const(stepBytes)))),
        overGroups(work, (sizes) =>
          sequence(
            ...sizes.map((height) =>
              sequence(
                packed.tiles[height - 1]?.call(
                  source.get,
                  right.get,
                  to.get,
                  end.get,
                  start.get,
                  step.get,
                ) ?? [],
                forward(source, 1),
                nextRows(work, height),
              ),
            ),
          ),
        ),
        right.set(end.get),
      ),
    ),
  )
  return { pack, multiply }
}

/** Moves on to the next tile's place in the output. */
function nextRows({ to, start, step }: StripWork, count: number): Code {
  return sequence(
    to.set(i32.add(to.get, i32.const(count * ROW_BYTES))),
    start.set(i32.add(start.get, i32.mul(step.get, i32.const(count)))),
  )
}
