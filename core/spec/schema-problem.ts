import type * as z from 'zod'
import { problemOf, type Problem, type ProblemKind } from './problem'
import { problemTexts } from './problem-texts'

/** The kinds whose text names no value: a schema that refuses with such a text is known by it. */
const byText: ReadonlyMap<string, ProblemKind> = new Map(
  Object.entries(problemTexts)
    .filter(([, text]) => !text.includes('{'))
    .map(([kind, text]) => [text, kind as ProblemKind]),
)

/** What a schema has against a document, as data. `describeIssue` says the same in English, with the path. */
export function schemaProblem(issue: z.core.$ZodIssue): Problem {
  const known = byText.get(issue.message)
  if (known !== undefined) return { kind: known, values: {} }
  const found = describeValue(issue.input)
  switch (issue.code) {
    case 'too_small':
      return problemOf(issue.inclusive === false ? 'above' : 'atLeast', {
        limit: String(issue.minimum),
        found,
      })
    case 'too_big':
      if (issue.origin === 'array' || issue.origin === 'string')
        return problemOf('tooLong', { limit: String(issue.maximum) })
      return problemOf(issue.inclusive === false ? 'below' : 'atMost', {
        limit: String(issue.maximum),
        found,
      })
    case 'invalid_type':
      if (issue.input === undefined) return problemOf('missing', {})
      if (issue.expected === 'int') return problemOf('whole', { found })
      return problemOf(issue.expected === 'number' ? 'number' : 'wrongKind', { found })
    case 'invalid_value':
      if (issue.path.length === 1 && issue.path[0] === 'version')
        return problemOf('version', { found })
      return problemOf('allowed', { values: issue.values.map(String).join(', '), found })
    case 'unrecognized_keys':
      return problemOf('unknownFields', { names: issue.keys.join(', '), values: allowedIn(issue) })
    case 'invalid_union':
      return problemOf('unknownType', {
        found: describeValue(typeIn(issue.input)),
        values: allowedIn(issue),
      })
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return problemOf('wrongKind', { found })
  }
}

/** The values that the message of unknown-fields.ts or union-error.ts lists. */
function allowedIn({ message }: z.core.$ZodIssue): string {
  return message.split('allowed: ')[1] ?? ''
}

function typeIn(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input
  return 'type' in input ? input.type : 'kind' in input ? input.kind : undefined
}

/** A value as it would be written, shortened. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing'
    case 'string':
      return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? `a list of ${String(value.length)}` : 'an object'
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'symbol':
    case 'function':
      return `a ${typeof value}`
  }
}
