import { readFile } from 'node:fs/promises'
import { presets } from '#core/spec/presets'
import { parseRunSpec, type RunSpec } from '#core/spec/run-spec'
import { usageError } from './command'
import { setPath } from './set-path'

/** `source`: a JSON file or the id of a preset; the starter where nothing is named. */
export async function readSpec(
  source: string | undefined,
  assignments: readonly string[],
  device: string | undefined,
): Promise<RunSpec> {
  const spec = parseRunSpec(await readDocument(source, assignments, device))
  if (spec.ok) return spec.value
  const issues = spec.error.map(({ message }) => `  ${message}`)
  throw usageError(['The spec cannot be run:', ...issues].join('\n'))
}

/** The document before it is checked, with what the command line changes. */
export async function readDocument(
  source: string | undefined,
  assignments: readonly string[],
  device: string | undefined,
): Promise<unknown> {
  let document = await readSource(source ?? 'starter')
  const all = device === undefined ? assignments : [...assignments, `device=${device}`]
  for (const assignment of all) {
    const changed = setPath(document, assignment)
    if (!changed.ok) throw usageError(changed.error)
    document = changed.value
  }
  return document
}

async function readSource(source: string): Promise<unknown> {
  const preset = presets.find(({ id }) => id === source)
  if (preset !== undefined) return preset.spec
  let text: string
  try {
    text = await readFile(source, 'utf8')
  } catch (error) {
    const known = presets.map(({ id }) => id).join(', ')
    throw usageError(
      `"${source}" is neither a spec file (${reasonOf(error)}) nor a preset (${known}).`,
    )
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw usageError(`${source} is not JSON: ${reasonOf(error)}`)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
