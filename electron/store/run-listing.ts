import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type * as z from 'zod'
import type { RunListing } from '#core/contract/answers'
import type { RunSpec } from '#core/spec/run-spec'
import { lastLine } from './metrics-lines'
import { environmentSchema, summarySchema, type Summary } from './run-documents'
import { FILES } from './run-folder'
import { lockHolder } from './run-lock'

/** One line of the run list, from the files in `path`. */
export async function listRun(path: string, id: string, spec: RunSpec): Promise<RunListing> {
  const environment = await readDocument(join(path, FILES.environment), environmentSchema)
  const summary = await readDocument(join(path, FILES.summary), summarySchema)
  const holder = await lockHolder(path)
  const metrics = await readFile(join(path, FILES.metrics), 'utf8').catch(() => '')
  const saved = await exists(join(path, FILES.last))
  const status = holder ?? summary?.status ?? 'crashed'
  return {
    id,
    name: spec.name,
    started: environment?.started ?? '',
    device: environment?.device ?? spec.device,
    status,
    epochs: lastLine(metrics, 'epoch')?.epoch ?? 0,
    epochsAsked: spec.training.epochs,
    lastLoss: lastLine(metrics, 'steps')?.losses.at(-1) ?? null,
    testAccuracy: summary?.testAccuracy ?? null,
    resumable: saved && holder === null && status !== 'finished',
  }
}

/** How the run in `path` ended; null: it did not, or its process died. */
export async function readEnding(path: string): Promise<Summary['status'] | null> {
  return (await readDocument(join(path, FILES.summary), summarySchema))?.status ?? null
}

async function readDocument<T extends z.ZodType>(
  path: string,
  schema: T,
): Promise<z.output<T> | null> {
  try {
    return schema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data ?? null
  } catch {
    return null
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
