import type { HeadShape } from './cross-entropy-head'
import { type Tile, tileName } from './tile'
import { headCandidates, headName, tileCandidates, type WorkgroupLimits } from './tile-candidates'
import type { HeadProduct, ProductShape } from './product-shape'
import type { TileChoice } from './tiles'

/** "forward 64x128 of 784": a shape, for stores and reports. */
export function shapeName(shape: ProductShape | HeadProduct): string {
  return shape.kind === 'head'
    ? `head ${shape.rows}x${shape.classes} of ${shape.features}`
    : `${shape.kind} ${shape.rows}x${shape.columns} of ${shape.terms}`
}

/** Names of tiles by names of shapes. */
export type TileNames = ReadonlyMap<string, string>

/** What a step asks for, and what it may be given. */
export interface TileQuestion {
  readonly shape: string
  /** The usual one first. */
  readonly tiles: readonly string[]
}

/** Gives the tiles that are named, and the usual ones for the rest. Remembers what it was asked. */
export class TileBook implements TileChoice {
  private readonly usual: TileChoice
  private readonly limits: WorkgroupLimits
  private readonly chosen: TileNames
  private readonly asked = new Map<string, TileQuestion>()
  private readonly taken = new Map<string, string>()

  constructor(usual: TileChoice, limits: WorkgroupLimits, chosen: TileNames) {
    this.usual = usual
    this.limits = limits
    this.chosen = chosen
  }

  /** Shapes of a step, in the order in which they were asked for. */
  get questions(): readonly TileQuestion[] {
    return [...this.asked.values()]
  }

  /** What was given out, by shape. */
  get names(): TileNames {
    return this.taken
  }

  product(shape: ProductShape): Tile {
    return this.pick(shape, this.usual.product(shape), tileCandidates(shape, this.limits), tileName)
  }

  head(shape: HeadProduct): HeadShape {
    return this.pick(shape, this.usual.head(shape), headCandidates(shape, this.limits), headName)
  }

  private pick<T>(
    shape: ProductShape | HeadProduct,
    usual: T,
    candidates: readonly T[],
    nameOf: (own: T) => string,
  ): T {
    const key = shapeName(shape)
    const all = [usual, ...candidates.filter((own) => nameOf(own) !== nameOf(usual))]
    if (shape.kind !== 'evaluation') this.asked.set(key, { shape: key, tiles: all.map(nameOf) })
    const wanted = this.chosen.get(key)
    const picked = all.find((own) => nameOf(own) === wanted) ?? usual
    this.taken.set(key, nameOf(picked))
    return picked
  }
}
