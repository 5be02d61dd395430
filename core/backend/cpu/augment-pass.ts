import { AFFINE_WORDS, drawAffineMap, MAP_LENGTH } from '#core/data/affine-map'
import type { Augmenter } from '#core/data/augment'
import { domains } from '#core/tensor/philox'
import type { Arena } from './arena'
import type { Drawing } from './augment-drawing'
import { fieldFunction, fieldRowBytes, type FieldTables } from './kernels/elastic-field'
import { at, countUp } from './kernels/loops'
import { philoxFunction, TURN_BYTES } from './kernels/philox'
import { part, type Program } from './program'
import { type Code, i32, sequence } from './wasm/instructions'
import type { FunctionBuilder, ModuleBuilder } from './wasm/module-builder'

/** The kernel that draws the words of the maps: (first row, end row). */
export const MAP_WORDS_KERNEL = 'map words'
/** The kernel that distorts, when the maps are drawn: (first row, end row, thread). */
export const AUGMENT_KERNEL = 'augment'

/** One image of the batch: its map, then these two. */
const SOURCE = MAP_LENGTH
const STREAM = MAP_LENGTH + 1
const RECORD_LENGTH = MAP_LENGTH + 2
const WORD = 4
const BLOCK_WORDS = 4
const CACHE_LINE = 64

/** What `Augmenter` does, as kernels in an engine's memory, bit by bit the same. The maps are drawn by the leader. */
export class AugmentPass {
  private readonly augmenter: Augmenter
  private readonly drawing: Drawing
  /** Address of [capacity][8] words. */
  private readonly records: number
  /** Address of the words of the maps, a turn of `philoxFunction` for each row. */
  private readonly mapWords: number
  private readonly epochWord: number
  private readonly tables: FieldTables | null
  private readonly scratch: {
    readonly address: number
    readonly bytes: number
    readonly words: number
    readonly field: number
  }
  private memory: Int32Array = new Int32Array(0)
  private unsigned: Uint32Array = new Uint32Array(0)

  constructor(
    arena: Arena,
    augmenter: Augmenter,
    drawing: Drawing,
    { capacity, threads }: { readonly capacity: number; readonly threads: number },
  ) {
    const { rows, cols, field } = augmenter
    this.augmenter = augmenter
    this.drawing = drawing
    this.records = arena.reserve(capacity * RECORD_LENGTH * WORD)
    this.mapWords = arena.reserve(capacity * TURN_BYTES)
    this.epochWord = arena.reserve(WORD)
    this.tables =
      field === null
        ? null
        : {
            down: arena.reserve(field.down.length * WORD),
            across: arena.reserve(field.across.length * WORD),
          }
    const words = Math.ceil(drawing.scratchBytes / CACHE_LINE) * CACHE_LINE
    const displacements = words + (field?.words ?? 0) * WORD
    const bytes = displacements + (field === null ? 1 : rows + 1) * fieldRowBytes(cols)
    this.scratch = {
      address: arena.reserve(bytes * threads),
      bytes,
      words,
      field: displacements,
    }
  }

  /** The batch at hand becomes distorted pictures: words, maps from them, pictures by the maps. */
  addTo(program: Program): void {
    program.onTeam((share) => [{ kernel: MAP_WORDS_KERNEL, operands: part(share.rows, share) }])
    program.onLeader((rows) => {
      this.drawMaps(rows)
    })
    program.onTeam((share) => [
      { kernel: AUGMENT_KERNEL, operands: [...part(share.rows, share), share.thread] },
    ])
  }

  emit(module: ModuleBuilder): void {
    const random = philoxFunction(module, [this.augmenter.seed, domains.augmentation])
    this.emitMapWords(module, random)
    this.emitAugment(module, random)
  }

  private emitMapWords(module: ModuleBuilder, random: FunctionBuilder): void {
    const f = module.function(['i32', 'i32'], MAP_WORDS_KERNEL)
    const row = f.local('i32')
    f.emit(
      countUp(
        row,
        f.parameter(0).get,
        f.parameter(1).get,
        1,
        random.call(
          at(this.mapWords, row.get, TURN_BYTES),
          at(this.mapWords + TURN_BYTES, row.get, TURN_BYTES),
          i32.load(at(this.records, row.get, RECORD_LENGTH * WORD), STREAM * WORD),
          i32.load(i32.const(this.epochWord)),
          i32.const(0),
        ),
      ),
    )
  }

  private emitAugment(module: ModuleBuilder, random: FunctionBuilder): void {
    const { augmenter, scratch, tables, drawing } = this
    const { field, rows, cols } = augmenter
    const draw = drawing.emit(module, field !== null)
    const displace =
      field === null || tables === null
        ? null
        : fieldFunction(module, field, rows, cols, tables, drawing.bands !== null)
    const f = module.function(['i32', 'i32', 'i32'], AUGMENT_KERNEL)
    const [row, record, mine, seen] = [0, 1, 2, 3].map(() => f.local('i32'))
    if (!row || !record || !mine || !seen) throw new RangeError('locals')
    const part = (offset: number): Code => i32.add(mine.get, i32.const(offset))
    const source = i32.load(record.get, SOURCE * WORD)
    const makeField =
      displace === null
        ? []
        : sequence(
            random.call(
              part(scratch.words),
              part(scratch.field),
              i32.load(record.get, STREAM * WORD),
              i32.load(i32.const(this.epochWord)),
              i32.const(AFFINE_WORDS / BLOCK_WORDS),
            ),
            displace.call(
              part(scratch.words),
              part(scratch.field),
              part(drawing.bands ?? scratch.field),
            ),
          )
    const overRows = (body: Code): Code =>
      countUp(
        row,
        f.parameter(0).get,
        f.parameter(1).get,
        1,
        sequence(record.set(at(this.records, row.get, RECORD_LENGTH * WORD)), body),
      )
    f.emit(
      mine.set(at(scratch.address, f.parameter(2).get, scratch.bytes)),
      // Asks for all lines of the sources at once: drawn one after the other, each would be waited for.
      overRows(
        sequence(
          ...Array.from({ length: Math.ceil((rows * cols) / CACHE_LINE) }, (_, line) =>
            seen.set(i32.or(seen.get, i32.load8u(source, line * CACHE_LINE))),
          ),
        ),
      ),
      i32.store(mine.get, seen.get, scratch.field),
      overRows(
        draw(
          { row: row.get, source, map: record.get, scratch: part, field: part(scratch.field) },
          makeField,
        ),
      ),
    )
  }

  attach(memory: Int32Array): void {
    const { field } = this.augmenter
    this.memory = memory
    this.unsigned = new Uint32Array(memory.buffer)
    this.drawing.attach(memory)
    if (field === null || this.tables === null) return
    memory.set(field.down, this.tables.down / WORD)
    memory.set(field.across, this.tables.across / WORD)
  }

  setEpoch(epoch: number): void {
    this.memory[this.epochWord / WORD] = epoch
  }

  /** Row `row` of the batch: image number `index` of the set, whose pixels lie at `source`. */
  setRow(row: number, index: number, source: number): void {
    const record = this.records / WORD + row * RECORD_LENGTH
    this.memory[record + SOURCE] = source
    this.memory[record + STREAM] = index
  }

  /** The maps of the first `count` rows, from words that are drawn; by the sines and tangents of JavaScript, as `Augmenter` draws them. */
  drawMaps(count: number): void {
    const { memory, unsigned } = this
    const { spec, rows, cols } = this.augmenter
    for (let row = 0; row < count; row++) {
      const record = this.records / WORD + row * RECORD_LENGTH
      const words = (this.mapWords + row * TURN_BYTES) / WORD
      drawAffineMap(memory, record, spec, unsigned, words, rows, cols)
    }
  }
}
