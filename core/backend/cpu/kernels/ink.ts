/* Where a picture has ink, and its 2 x 2 neighbourhoods there. */
import { ONE_PIXEL } from '#core/data/affine-map'
import { type Code, control, f32, i32, i8x16, sequence, v128 } from '../wasm/instructions'
import type { FunctionBuilder, ModuleBuilder } from '../wasm/module-builder'
import { bytesWithin, cellQuads, type QuadLayout, VECTOR } from './bilinear'
import { at, countUp } from './loops'

/** Positions are rounded on the way to the groups; nothing that may see ink is left out for that. In 1/65536 pixel. */
const MARGIN = 1024
const NOWHERE = 1e30

/**
 * The quads of `quadFunction`, without a frame, and the box around the ink as four float32: from which column on a position sees ink, up to which
 * one, and the same for rows, in 1/65536 pixel in the black frame. Parameters: picture, quads, box. For at most 32 rows and 30 columns;
 * reads up to 15 bytes behind the picture and one before it.
 */
export function inkFunction(module: ModuleBuilder, layout: QuadLayout): FunctionBuilder {
  const { rows, cols, width, quadBytes } = layout
  const rowBytes = width * 4
  const f = module.function(['i32', 'i32', 'i32'])
  const [picture, quads, box] = [f.parameter(0), f.parameter(1), f.parameter(2)]
  const local = () => f.local('i32')
  const [from, end, to, mask, inkCols, inkRows] = [
    local(),
    local(),
    local(),
    local(),
    local(),
    local(),
  ]
  const [top, below] = [local(), local()]
  const chunks = Array.from({ length: width / VECTOR }, (_, chunk) => ({
    first: chunk * VECTOR,
    upper: [f.local('v128'), f.local('v128')] as const,
    lower: [f.local('v128'), f.local('v128')] as const,
  }))
  const zero = f.local('v128')
  /** Pixels from column `first` on, black outside of the picture. */
  const pixels = (first: number): Code => {
    const loaded =
      first < 0 ? v128.load(i32.add(from.get, i32.const(first))) : v128.load(from.get, first)
    const within = bytesWithin(-first, cols - first)
    return within === null ? loaded : v128.and(loaded, within)
  }
  const filled = (first: number): Code => i8x16.bitmask(i8x16.ne(pixels(first), zero.get))
  const store = sequence(
    ...chunks.map(({ first, upper, lower }) => cellQuads(f, to, upper, lower, first * 4)),
    to.set(i32.add(to.get, i32.const(rowBytes))),
  )
  const clearTo = (limit: Code): Code =>
    sequence(end.set(limit), countUp(to, to.get, end.get, VECTOR, v128.store(to.get, zero.get)))
  const edge = (offset: number, pixels: Code, margin: number): Code =>
    f32.store(
      box.get,
      f32.convertI32s(i32.add(i32.mul(pixels, i32.const(ONE_PIXEL)), i32.const(margin))),
      offset,
    )
  f.emit(
    from.set(picture.get),
    end.set(i32.add(picture.get, i32.const(rows * cols))),
    countUp(
      from,
      from.get,
      end.get,
      cols,
      sequence(
        mask.set(
          cols <= VECTOR
            ? filled(0)
            : i32.or(filled(0), i32.shl(filled(VECTOR), i32.const(VECTOR))),
        ),
        inkCols.set(i32.or(inkCols.get, mask.get)),
        inkRows.set(
          i32.or(
            i32.shrU(inkRows.get, i32.const(1)),
            i32.shl(i32.gtU(mask.get, i32.const(0)), i32.const(31)),
          ),
        ),
      ),
    ),
    inkRows.set(i32.shrU(inkRows.get, i32.const(32 - rows))),
    top.set(i32.ctz(inkRows.get)),
    below.set(i32.sub(i32.const(32), i32.clz(inkRows.get))),
    edge(0, i32.ctz(inkCols.get), -MARGIN),
    edge(4, i32.sub(i32.const(33), i32.clz(inkCols.get)), MARGIN),
    edge(8, top.get, -MARGIN),
    edge(12, i32.add(below.get, i32.const(1)), MARGIN),
    control.if(
      inkRows.get,
      sequence(
        to.set(quads.get),
        clearTo(i32.add(quads.get, at(0, top.get, rowBytes))),
        ...chunks.flatMap(({ upper }) => upper.map((vector) => vector.set(zero.get))),
        from.set(i32.add(picture.get, i32.mul(top.get, i32.const(cols)))),
        end.set(i32.add(picture.get, i32.mul(below.get, i32.const(cols)))),
        countUp(
          from,
          from.get,
          end.get,
          cols,
          sequence(
            ...chunks.flatMap(({ first, lower }) => [
              lower[0].set(pixels(first - 1)),
              lower[1].set(pixels(first)),
            ]),
            store,
            ...chunks.flatMap(({ upper, lower }) => [
              upper[0].set(lower[0].get),
              upper[1].set(lower[1].get),
            ]),
          ),
        ),
        ...chunks.flatMap(({ lower }) => lower.map((vector) => vector.set(zero.get))),
        store,
        clearTo(i32.add(quads.get, i32.const(quadBytes))),
      ),
      // Nothing to see: rows beyond all positions.
      sequence(
        f32.store(box.get, f32.const(NOWHERE), 8),
        f32.store(box.get, f32.const(NOWHERE), 12),
      ),
    ),
  )
  return f
}
