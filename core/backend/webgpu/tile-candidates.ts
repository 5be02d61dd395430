import type { HeadShape } from './cross-entropy-head'
import { productCycles } from './product-cost'
import { sharedQuads, teamOf, threadsOf, type Tile, tileName } from './tile'
import type { HeadProduct, ProductShape } from './product-shape'

/** What a workgroup may be on a device. */
export interface WorkgroupLimits {
  readonly invocations: number
  readonly bytes: number
}

export function workgroupLimits({
  maxComputeInvocationsPerWorkgroup,
  maxComputeWorkgroupSizeX,
  maxComputeWorkgroupStorageSize,
}: GPUSupportedLimits): WorkgroupLimits {
  return {
    invocations: Math.min(maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX),
    bytes: maxComputeWorkgroupStorageSize,
  }
}

type Shape = Pick<Tile, 'rows' | 'columns' | 'blockRows' | 'blockColumns'>

const shape = (rows: number, columns: number, blockRows: 4 | 8, blockColumns: 4 | 8): Shape => ({
  rows,
  columns,
  blockRows,
  blockColumns,
})

const shapes: readonly Shape[] = [
  shape(8, 16, 4, 4),
  shape(16, 16, 4, 4),
  shape(16, 32, 4, 4),
  shape(32, 32, 4, 4),
  shape(32, 64, 4, 8),
  shape(64, 64, 4, 4),
  shape(64, 64, 8, 4),
  shape(64, 64, 8, 8),
  shape(128, 64, 8, 8),
  shape(64, 128, 8, 8),
  shape(128, 128, 8, 8),
]

/** More threads than this leave no registers, more memory no second workgroup beside the first. */
const MOST_THREADS = 256
const FEWEST_THREADS = 32
const MOST_BYTES = 32 * 1024
const USUAL_BYTES = 17 * 1024
const DEEPEST = 32
/** Terms that each split must have to do. */
const FEWEST_TERMS = 4

/** Accumulators and what is on its way: with more of them a thread's registers run over. */
const MOST_REGISTERS = 112

/** Compute units of a notebook's and of a data centre's GPU: what wins on one of them is worth timing. */
const GPUS = [
  { units: 24, tiles: 2 },
  { units: 132, tiles: 3 },
]

/** Four to six tiles for a product, those first that a rough model expects to win. */
export function tileCandidates(product: ProductShape, limits: WorkgroupLimits): readonly Tile[] {
  const all = shapes.flatMap((own) => tilesOf(own, product, limits))
  const chosen = new Map<string, Tile>()
  for (const { units, tiles } of GPUS) {
    const cost = new Map(all.map((tile) => [tile, productCycles(product, tile, units)]))
    const best = all.toSorted((x, y) => (cost.get(x) ?? 0) - (cost.get(y) ?? 0))
    // One of each shape: what differs in depth alone differs little.
    const seen = new Set<string>()
    for (const tile of best) {
      const key = `${tile.rows}x${tile.columns} ${tile.blockRows}x${tile.blockColumns}`
      if (seen.has(key) || seen.size === tiles) continue
      seen.add(key)
      chosen.set(tileName(tile), tile)
    }
  }
  // The model knows little of registers: the other way to load is always tried.
  const [first] = chosen.values()
  const twin = first === undefined ? null : { ...first, ahead: !first.ahead }
  if (twin !== null && registersOf(twin) <= MOST_REGISTERS) chosen.set(tileName(twin), twin)
  return [...chosen.values()]
}

function tilesOf(own: Shape, { terms }: ProductShape, limits: WorkgroupLimits): Tile[] {
  const most = Math.min(limits.invocations, MOST_THREADS)
  const tiles: Tile[] = []
  for (let splits = 1; splits <= 32; splits *= 2) {
    const threads = teamOf({ ...own, depth: 1, splits, ahead: false }) * splits
    if (threads > most || threads < Math.min(most, FEWEST_THREADS)) continue
    if (splits > 1 && terms / splits < FEWEST_TERMS) continue
    for (const bytes of [USUAL_BYTES, MOST_BYTES])
      for (const ahead of [false, true]) {
        const depth = depthOf(own, terms, splits, Math.min(bytes, limits.bytes))
        if (depth === null) continue
        const tile = { ...own, depth, splits, ahead }
        if (registersOf(tile) <= MOST_REGISTERS) tiles.push(tile)
      }
  }
  return tiles
}

/** The depth that needs the fewest chunks in so many bytes, and among those the smallest; null where not even the least fits. */
function depthOf(own: Shape, terms: number, splits: number, bytes: number): number | null {
  const unit = Math.max(1, 4 / splits)
  const fits = (depth: number) =>
    sharedQuads({ ...own, depth, splits, ahead: false }) * 16 <= bytes && depth <= DEEPEST
  if (!fits(unit)) return null
  let most = unit
  while (fits(most + unit)) most += unit
  const chunks = Math.ceil(terms / (most * splits))
  return Math.ceil(terms / (chunks * splits) / unit) * unit
}

function registersOf(tile: Tile): number {
  const { rows, columns, blockRows, blockColumns, depth, splits, ahead } = tile
  const items = (lines: number) => Math.ceil((depth * splits * lines) / 16 / threadsOf(tile))
  return blockRows * blockColumns + (ahead ? 16 * (items(rows) + items(columns)) : 0)
}

const headShapes: readonly HeadShape[] = [
  { rows: 4, threads: 256 },
  { rows: 2, threads: 128 },
  { rows: 1, threads: 64 },
  { rows: 2, threads: 256 },
  { rows: 4, threads: 128 },
  { rows: 8, threads: 256 },
]

/** Workgroups of the head that suit so many classes. */
export function headCandidates({ classes }: HeadProduct, limits: WorkgroupLimits): HeadShape[] {
  const fitting = headShapes.filter(
    ({ rows, threads }) => rows * classes <= threads && threads <= limits.invocations,
  )
  return fitting.length > 0 ? fitting : [{ rows: 1, threads: Math.min(64, limits.invocations) }]
}

export function headName({ rows, threads }: HeadShape): string {
  return `${rows} rows of ${threads} threads`
}
