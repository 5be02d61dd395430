/* How the factors of a product come into workgroup memory. */
import { pitchOf, type Tile, threadsOf } from './tile'
import { u32 } from './wgsl/piece'

/**
 * Where a factor comes from; all expressions, and what is out of range must be zero.
 * 'terms': `line` finds a row (of A) or column (of B) once, `quad` gives four consecutive terms of it.
 * 'lines': `quad` gives four consecutive rows or columns at one term.
 */
export type Factor =
  | {
      readonly order: 'terms'
      readonly line: (line: string) => string
      readonly quad: (found: string, term: string) => string
    }
  | { readonly order: 'lines'; readonly quad: (term: string, line: string) => string }

/** A factor's place: quads of workgroup memory from `start`, [term][line]. */
export interface Place {
  readonly name: string
  readonly factor: Factor
  readonly lines: number
  readonly firstLine: string
  readonly start: number
  /** The thread that begins: where the other factor's share ended. */
  readonly shift: number
}

/** Each of them brings a quad of four terms of four lines, or one quad. */
export function itemsOf({ factor, lines }: Pick<Place, 'factor' | 'lines'>, tile: Tile): number {
  const quads = (tile.depth * tile.splits * lines) / 4
  return factor.order === 'terms' ? quads / 4 : quads
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i)

interface Load {
  /** Before the first chunk. */
  readonly begin: string
  readonly load: string
}

/** Statements that bring the terms from `first` on into workgroup memory. */
export function load(place: Place, tile: Tile): Load {
  const rounds = Math.ceil(itemsOf(place, tile) / threadsOf(tile))
  // Without a loop it is a long text, which drivers in software compile for minutes.
  if (rounds > 1) return { begin: '', load: loadInLoop(place, tile, rounds) }
  const { begin, fetch, store } = loadAhead(place, tile)
  return { begin, load: `${fetch('first')}\n      ${store}` }
}

/** Compilers see the end of a loop that counts by one, and what its numbers can be. */
function loadInLoop(place: Place, tile: Tile, rounds: number): string {
  const { name, factor } = place
  const finds =
    factor.order === 'lines'
      ? ''
      : range(4)
          .map((k) => `let ${name}Line${k} = ${lineOf(place, factor, 'i', k, tile)};`)
          .join(' ')
  return `for (var round = 0u; round < ${u32(rounds)}; round++) {
        let i = ${slot(place, tile)} + round * ${u32(threadsOf(tile))};
        if (i < ${u32(itemsOf(place, tile))}) {
        ${finds}
        ${values(place)
          .map((k) => `let ${name}Value${k} = ${valueOf(place, tile, 'i', k, 'first', '')};`)
          .join('\n        ')}
        ${store(place, tile, 'i', '')}
        }
      }`
}

/** The same in two halves, through registers. */
export interface LoadAhead {
  /** Declares the registers and finds the lines. */
  readonly begin: string
  /** Reads the terms from `first` on. */
  readonly fetch: (first: string) => string
  readonly store: string
}

export function loadAhead(place: Place, tile: Tile): LoadAhead {
  const { name, factor } = place
  const items = itemsOf(place, tile)
  const threads = threadsOf(tile)
  const rounds = range(Math.ceil(items / threads))
  const item = (round: number) => `${name}Item${round}`
  const guarded = (round: number, statements: string) =>
    (round + 1) * threads <= items
      ? statements
      : `if (${item(round)} < ${u32(items)}) { ${statements} }`
  return {
    begin: rounds
      .flatMap((round) => [
        `let ${item(round)} = ${slot(place, tile)} + ${u32(round * threads)};`,
        ...(factor.order === 'lines'
          ? []
          : range(4).map(
              (k) =>
                `let ${name}Line${k}_${round} = ${lineOf(place, factor, item(round), k, tile)};`,
            )),
        ...values(place).map((k) => `var ${name}Value${k}_${round} = vec4<f32>(0.0);`),
      ])
      .join('\n    '),
    fetch: (first) =>
      rounds
        .map((round) =>
          guarded(
            round,
            values(place)
              .map(
                (k) =>
                  `${name}Value${k}_${round} = ${valueOf(place, tile, item(round), k, first, `_${round}`)};`,
              )
              .join(' '),
          ),
        )
        .join('\n      '),
    store: rounds
      .map((round) => guarded(round, store(place, tile, item(round), `_${round}`)))
      .join('\n      '),
  }
}

function slot({ shift }: Place, tile: Tile): string {
  const threads = threadsOf(tile)
  const turned = shift % threads
  return turned === 0 ? 'lane' : `(lane + ${u32(threads - turned)}) % ${u32(threads)}`
}

/** Quads that an item has in registers. */
function values({ factor }: Place): readonly number[] {
  return range(factor.order === 'terms' ? 4 : 1)
}

/** Quads of terms in a chunk. */
function termQuads({ depth, splits }: Tile): number {
  return (depth * splits) / 4
}

function lineOf(
  { firstLine }: Place,
  factor: Extract<Factor, { order: 'terms' }>,
  item: string,
  k: number,
  tile: Tile,
): string {
  return factor.line(`(${firstLine} + (${item} / ${u32(termQuads(tile))}) * 4u + ${u32(k)})`)
}

function valueOf(
  { name, factor, lines, firstLine }: Place,
  tile: Tile,
  item: string,
  k: number,
  first: string,
  suffix: string,
): string {
  if (factor.order === 'terms')
    return factor.quad(
      `${name}Line${k}${suffix}`,
      `(${first} + (${item} % ${u32(termQuads(tile))}) * 4u)`,
    )
  const quads = u32(lines / 4)
  return factor.quad(
    `(${first} + ${item} / ${quads})`,
    `(${firstLine} + (${item} % ${quads}) * 4u)`,
  )
}

function store(
  { name, factor, lines, start }: Place,
  tile: Tile,
  item: string,
  suffix: string,
): string {
  const pitch = pitchOf(lines)
  const value = (k: number) => `${name}Value${k}${suffix}`
  if (factor.order === 'lines') {
    const quads = u32(lines / 4)
    return `pool[${u32(start)} + (${item} / ${quads}) * ${u32(pitch)} + ${item} % ${quads}] = ${value(0)};`
  }
  const across = u32(termQuads(tile))
  const at = `${u32(start)} + (${item} % ${across}) * ${u32(4 * pitch)} + ${item} / ${across}`
  return ['x', 'y', 'z', 'w']
    .map(
      (part, term) =>
        `pool[${at} + ${u32(term * pitch)}] = vec4<f32>(${[0, 1, 2, 3].map((k) => `${value(k)}.${part}`).join(', ')});`,
    )
    .join('\n      ')
}
