import { mkdir, readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunListing, RunRecord } from '#core/contract/answers'
import { parseRunSpec, type RunSpec } from '#core/spec/run-spec'
import { fail, ok, type Result } from '#core/tensor/result'
import type { TrainerCheckpoint } from '#core/training/checkpoint'
import { writeAtomically } from './atomic-file'
import { decodeCheckpoint } from './checkpoint-file'
import type { Environment } from './environment'
import { LossHistory } from './loss-history'
import { cutMetrics, parseLongMetrics, type MetricsLine, type ParsedMetrics } from './metrics-lines'
import { FILES, RunFolder } from './run-folder'
import type { Summary } from './run-documents'
import { listRun, readEnding } from './run-listing'
import { runId } from './run-id'
import { lockHolder } from './run-lock'

/** Ids cannot begin with a dot, so no run is ever taken for the trash. */
const TRASH = '.trash'

export interface ResumedRun {
  readonly folder: RunFolder
  readonly checkpoint: TrainerCheckpoint
  /** The checkpoint of the best epoch so far, if there was one. */
  readonly best: TrainerCheckpoint | null
  /** What was recorded up to the checkpoint. */
  readonly lines: readonly MetricsLine[]
}

/** The runs folder: one folder a run, as ARCHITECTURE.md describes it. */
export class RunStore {
  readonly folder: string
  private readonly onWriteError: (error: unknown) => void

  /** `onWriteError` hears of metrics that could not be written. */
  constructor(folder: string, onWriteError: (error: unknown) => void) {
    this.folder = folder
    this.onWriteError = onWriteError
  }

  pathOf(id: string): string {
    return join(this.folder, id)
  }

  async create(spec: RunSpec, environment: Environment): Promise<RunFolder> {
    await mkdir(this.folder, { recursive: true })
    const id = await this.claim(runId(spec, new Date(environment.started)))
    const path = this.pathOf(id)
    const folder = await RunFolder.open(path, id, spec, this.onWriteError)
    await writeAtomically(
      join(path, FILES.environment),
      `${JSON.stringify(environment, null, 2)}\n`,
    )
    await writeAtomically(join(path, FILES.spec), `${JSON.stringify(spec, null, 2)}\n`)
    return folder
  }

  /** Newest first. Folders that hold no readable spec are not runs. */
  async list(): Promise<readonly RunListing[]> {
    const ids = await readdir(this.folder).catch(() => [])
    const listings: RunListing[] = []
    for (const id of ids.sort().reverse()) {
      if (id.startsWith('.')) continue
      const spec = await this.spec(id)
      if (spec.ok) listings.push(await listRun(this.pathOf(id), id, spec.value))
    }
    return listings
  }

  async spec(id: string): Promise<Result<RunSpec, string>> {
    let document: unknown
    try {
      document = JSON.parse(await readFile(join(this.pathOf(id), FILES.spec), 'utf8'))
    } catch (error) {
      return fail(`There is no run "${id}" in ${this.folder} (${reasonOf(error)})`)
    }
    const spec = parseRunSpec(document)
    if (spec.ok) return spec
    const issues = spec.error.map(({ message }) => message).join('; ')
    return fail(`The spec of run "${id}" cannot be read: ${issues}`)
  }

  async read(id: string): Promise<Result<RunRecord, string>> {
    const spec = await this.spec(id)
    if (!spec.ok) return spec
    const { lines } = await this.metrics(id)
    const listing = await listRun(this.pathOf(id), id, spec.value)
    return ok({ listing, spec: spec.value, ...recordOf(lines) })
  }

  /** Everything that was recorded. */
  async lines(id: string): Promise<readonly MetricsLine[]> {
    return (await this.metrics(id)).lines
  }

  /** How the run ended, if it did; null: it is under way, or its process died. */
  async ending(id: string): Promise<Summary['status'] | null> {
    return readEnding(this.pathOf(id))
  }

  /** The state after the last step that was saved. */
  async checkpoint(
    id: string,
    which: 'last' | 'best' = 'last',
  ): Promise<Result<TrainerCheckpoint, string>> {
    let bytes: Uint8Array
    try {
      bytes = await readFile(join(this.pathOf(id), FILES[which]))
    } catch (error) {
      return fail(`Run "${id}" has no checkpoint (${reasonOf(error)})`)
    }
    const checkpoint = decodeCheckpoint(bytes)
    return checkpoint.ok
      ? checkpoint
      : fail(`The checkpoint of run "${id}" cannot be read: ${checkpoint.error}`)
  }

  /** Takes a run up again: what was recorded after its last checkpoint is cut off and will be done again. */
  async resume(id: string): Promise<Result<ResumedRun, string>> {
    const spec = await this.spec(id)
    if (!spec.ok) return spec
    if ((await lockHolder(this.pathOf(id))) !== null) {
      return fail(`Run "${id}" is under way in another process`)
    }
    const checkpoint = await this.checkpoint(id)
    if (!checkpoint.ok) return checkpoint
    const lines = cutMetrics((await this.metrics(id)).lines, checkpoint.value.position)
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    await writeAtomically(join(this.pathOf(id), FILES.metrics), text)
    const folder = await RunFolder.open(this.pathOf(id), id, spec.value, this.onWriteError)
    const best = await this.checkpoint(id, 'best')
    return ok({
      folder,
      checkpoint: checkpoint.value,
      best: best.ok ? best.value : null,
      lines,
    })
  }

  /** Moves a run to the trash inside the runs folder. */
  async trash(id: string): Promise<Result<null, string>> {
    if ((await lockHolder(this.pathOf(id))) !== null) {
      return fail(`Run "${id}" is under way: stop it before you delete it`)
    }
    await mkdir(join(this.folder, TRASH), { recursive: true })
    return this.move(this.pathOf(id), join(this.folder, TRASH, id))
  }

  async restore(id: string): Promise<Result<null, string>> {
    return this.move(join(this.folder, TRASH, id), this.pathOf(id))
  }

  private async move(from: string, to: string): Promise<Result<null, string>> {
    try {
      await rename(from, to)
      return ok(null)
    } catch (error) {
      return fail(`${from} could not be moved to ${to}: ${reasonOf(error)}`)
    }
  }

  private async metrics(id: string): Promise<ParsedMetrics> {
    const text = await readFile(join(this.pathOf(id), FILES.metrics), 'utf8').catch(() => '')
    return parseLongMetrics(text)
  }

  /** Makes the folder; two runs of the same second get different names. */
  private async claim(wanted: string): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      const id = attempt === 1 ? wanted : `${wanted}-${String(attempt)}`
      try {
        await mkdir(this.pathOf(id))
        return id
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      }
    }
  }
}

/** Curve and epochs from the recorded lines. */
export function recordOf(lines: readonly MetricsLine[]): Pick<RunRecord, 'series' | 'epochs'> {
  const history = new LossHistory()
  for (const line of lines) if (line.type === 'steps') history.add(line)
  return { series: history.series(), epochs: lines.filter((line) => line.type === 'epoch') }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
