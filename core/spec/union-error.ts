import type { z } from 'zod'

/**
 * The message for a discriminated union whose `type` is missing or unknown: what was found and what is allowed.
 * `why` may explain a name that exists in torch and is left out here.
 */
export function unknownType(
  what: string,
  allowed: readonly string[],
  why: Readonly<Record<string, string>> = {},
): (issue: z.core.$ZodRawIssue) => string | undefined {
  return (issue) => {
    if (issue.code !== 'invalid_union') return undefined
    const found = typeOf(issue.input)
    const reason = typeof found === 'string' ? why[found] : undefined
    return (
      `${what} has a type that is not known: found ${found === undefined ? 'none' : JSON.stringify(found)}` +
      `${reason === undefined ? '' : ` (${reason})`}; allowed: ${allowed.join(', ')}`
    )
  }
}

function typeOf(input: unknown): unknown {
  return typeof input === 'object' && input !== null && 'type' in input ? input.type : undefined
}
