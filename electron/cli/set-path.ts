import { fail, ok, type Result } from '#core/tensor/result'

type Json = Record<string, unknown> | unknown[]

/**
 * Applies `--set path=value` to a copy of a spec document: "optimizer.lr=0.01", "model.layers.0.outFeatures=256",
 * "scheduler=null". The value is read as JSON where it is JSON, else as text. Setting a `type` to another value drops the
 * other fields of the old type, which the new one would not know.
 */
export function setPath(document: unknown, assignment: string): Result<unknown, string> {
  const equals = assignment.indexOf('=')
  if (equals <= 0) return fail(`--set ${assignment}: allowed: path=value, as in optimizer.lr=0.01`)
  const keys = assignment.slice(0, equals).split('.')
  if (keys.some((key) => key === '' || key === '__proto__')) {
    return fail(`--set ${assignment}: "${keys.join('.')}" is not a path`)
  }
  const copy: unknown = structuredClone(document)
  if (!isContainer(copy)) return fail(`--set ${assignment}: the spec is not an object`)
  const problem = assign(copy, keys, parseValue(assignment.slice(equals + 1)))
  return problem === null ? ok(copy) : fail(`--set ${assignment}: ${problem}`)
}

/** Returns what is wrong, or null. */
function assign(root: Json, keys: readonly string[], value: unknown): string | null {
  let target = root
  for (const [depth, key] of keys.entries()) {
    const here = keys.slice(0, depth + 1).join('.')
    if (Array.isArray(target) && !isIndex(key, target.length)) {
      return `${here}: found "${key}"; allowed: an index from 0 to ${target.length}`
    }
    if (depth === keys.length - 1) {
      put(target, key, value)
      return null
    }
    const next = get(target, key) ?? {}
    if (!isContainer(next)) return `${here} is ${JSON.stringify(next)}, it has no fields`
    put(target, key, next)
    target = next
  }
  return null
}

function put(target: Json, key: string, value: unknown): void {
  if (Array.isArray(target)) {
    target[Number(key)] = value
    return
  }
  if (key === 'type' && target['type'] !== value) {
    for (const other of Object.keys(target)) Reflect.deleteProperty(target, other)
  }
  target[key] = value
}

function get(target: Json, key: string): unknown {
  if (Array.isArray(target)) return target[Number(key)]
  return Object.hasOwn(target, key) ? target[key] : undefined
}

/** `length` itself appends. */
function isIndex(key: string, length: number): boolean {
  return /^\d+$/.test(key) && Number(key) <= length
}

function isContainer(value: unknown): value is Json {
  return typeof value === 'object' && value !== null
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
