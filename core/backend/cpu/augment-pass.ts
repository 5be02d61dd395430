import { AFFINE_WORDS, MAP_LENGTH } from '#core/data/affine-map'
import type { Augmenter } from '#core/data/augment'
import type { ElasticField } from '#core/data/elastic-field'
import { domains } from '#core/tensor/philox'
import type { Arena } from './arena'
import { quadFunction, quadLayout, sampleFunction } from './kernels/bilinear'
import { fieldFunction, fieldRowBytes, type FieldTables } from './kernels/elastic-field'
import { at, countUp } from './kernels/loops'
import { philoxFunction } from './kernels/philox'
import { type Code, i32, sequence } from './wasm/instructions'
import type { ModuleBuilder } from './wasm/module-builder'

/** The kernel that `emit` exports: (first row, end row, thread). */
export const AUGMENT_KERNEL = 'augment'

/** One image of the batch: its map, then these two. */
const SOURCE = MAP_LENGTH
const STREAM = MAP_LENGTH + 1
const RECORD_LENGTH = MAP_LENGTH + 2
const WORD = 4
/** The kernels write whole words, and those that read distorted images do so in vectors. */
const OVERHANG = 64
const BLOCK_WORDS = 4

/** What `Augmenter` does, as kernels in an engine's memory, bit by bit the same. The maps are drawn by the leader. */
export class AugmentPass {
  private readonly augmenter: Augmenter
  /** Address of [capacity][8] words. */
  private readonly records: number
  private readonly epochWord: number
  private readonly images: number
  private readonly imageBytes: number
  private readonly tables: FieldTables | null
  private readonly scratch: {
    readonly address: number
    readonly bytes: number
    readonly quads: number
    readonly words: number
    readonly field: number
  }
  private memory: Int32Array = new Int32Array(0)

  constructor(arena: Arena, augmenter: Augmenter, capacity: number, threads: number) {
    const { rows, cols, field } = augmenter
    this.augmenter = augmenter
    this.records = arena.reserve(capacity * RECORD_LENGTH * WORD)
    this.epochWord = arena.reserve(WORD)
    this.imageBytes = Math.ceil((rows * cols + OVERHANG) / OVERHANG) * OVERHANG
    this.images = arena.reserve(capacity * this.imageBytes)
    this.tables =
      field === null
        ? null
        : {
            down: arena.reserve(field.down.length * WORD),
            across: arena.reserve(field.across.length * WORD),
          }
    const { frameBytes, quadBytes } = quadLayout(rows, cols)
    const quads = frameBytes
    const words = quads + quadBytes
    const displacements = words + (field?.words ?? 0) * WORD
    const bytes = displacements + (field === null ? 1 : rows) * fieldRowBytes(cols)
    this.scratch = {
      address: arena.reserve(bytes * threads),
      bytes,
      quads,
      words,
      field: displacements,
    }
  }

  /** Address of the distorted image of row `row`. */
  imageAt(row: number): number {
    return this.images + row * this.imageBytes
  }

  emit(module: ModuleBuilder): void {
    const { augmenter, scratch, tables } = this
    const { rows, cols, field } = augmenter
    const layout = quadLayout(rows, cols)
    const quads = quadFunction(module, layout)
    const sample = sampleFunction(module, layout, field !== null)
    const elastic =
      field === null || tables === null ? null : this.elasticFunctions(module, field, tables)
    const f = module.function(['i32', 'i32', 'i32'], AUGMENT_KERNEL)
    const row = f.local('i32')
    const record = f.local('i32')
    const mine = f.local('i32')
    const part = (offset: number): Code => i32.add(mine.get, i32.const(offset))
    f.emit(
      mine.set(at(scratch.address, f.parameter(2).get, scratch.bytes)),
      countUp(
        row,
        f.parameter(0).get,
        f.parameter(1).get,
        1,
        sequence(
          record.set(at(this.records, row.get, RECORD_LENGTH * WORD)),
          quads.call(i32.load(record.get, SOURCE * WORD), mine.get, part(scratch.quads)),
          elastic === null
            ? []
            : sequence(
                elastic.draw.call(
                  part(scratch.words),
                  part(scratch.field),
                  i32.load(record.get, STREAM * WORD),
                  i32.load(i32.const(this.epochWord)),
                  i32.const(AFFINE_WORDS / BLOCK_WORDS),
                ),
                elastic.field.call(part(scratch.words), part(scratch.field)),
              ),
          sample.call(
            part(scratch.quads),
            record.get,
            part(scratch.field),
            at(this.images, row.get, this.imageBytes),
          ),
        ),
      ),
    )
  }

  attach(memory: Int32Array): void {
    const { field } = this.augmenter
    this.memory = memory
    if (field === null || this.tables === null) return
    memory.set(field.down, this.tables.down / WORD)
    memory.set(field.across, this.tables.across / WORD)
  }

  setEpoch(epoch: number): void {
    this.memory[this.epochWord / WORD] = epoch
  }

  /** Row `row` of the batch: image number `index` of the set, whose pixels lie at `source`. */
  setRow(row: number, index: number, source: number, epoch: number): void {
    const record = this.records / WORD + row * RECORD_LENGTH
    this.augmenter.mapInto(this.memory, record, index, epoch)
    this.memory[record + SOURCE] = source
    this.memory[record + STREAM] = index
  }

  private elasticFunctions(module: ModuleBuilder, field: ElasticField, tables: FieldTables) {
    const { rows, cols, seed } = this.augmenter
    return {
      draw: philoxFunction(module, [seed, domains.augmentation]),
      field: fieldFunction(module, field, rows, cols, tables),
    }
  }
}
