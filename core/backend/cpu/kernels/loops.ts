import { type Code, control, i32, sequence } from '../wasm/instructions'
import type { FunctionBuilder, Local } from '../wasm/module-builder'

/** for (i = from; i < to; i += step) body */
export function countUp(i: Local, from: Code, to: Code, step: number, body: Code): Code {
  return sequence(
    i.set(from),
    control.while(i32.ltU(i.get, to), sequence(body, i.set(i32.add(i.get, i32.const(step))))),
  )
}

/** Whole tiles of `tiles.length` rows from `row` on, then one tile of what is left: tiles[r - 1] makes r rows. */
export function tileRows(
  row: Local,
  end: Code,
  tiles: readonly FunctionBuilder[],
  callTile: (tile: FunctionBuilder) => Code,
): Code {
  const whole = tiles.at(-1)
  if (whole === undefined) throw new RangeError('expected at least one tile')
  return sequence(
    control.while(
      i32.leU(i32.add(row.get, i32.const(tiles.length)), end),
      sequence(callTile(whole), row.set(i32.add(row.get, i32.const(tiles.length)))),
    ),
    ...tiles
      .slice(0, -1)
      .map((tile, i) =>
        control.if(i32.eq(i32.sub(end, row.get), i32.const(i + 1)), callTile(tile)),
      ),
  )
}

/** base + i * scale */
export function at(base: number, i: Code, scale: number): Code {
  const offset = i32.mul(i, i32.const(scale))
  return base === 0 ? offset : i32.add(i32.const(base), offset)
}

/** The smaller of two unsigned numbers, into `to`. */
export function smaller(to: Local, a: Code, b: Code): Code {
  return sequence(to.set(a), control.if(i32.gtU(to.get, b), to.set(b)))
}
