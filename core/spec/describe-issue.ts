import type * as z from 'zod'
import { describeValue } from './schema-problem'

/**
 * One sentence about a problem that zod found: where, what is allowed, what was found.
 * What was found is named only if the document was parsed with `reportInput`.
 */
export function describeIssue(issue: z.core.$ZodIssue): string {
  const where = issue.path.length === 0 ? 'the document' : issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys' && issue.message.startsWith('Unrecognized'))
    return `${where}: there is no field ${issue.keys.map((key) => `"${key}"`).join(', ')}`
  // Fields that do not agree with each other: what is found is all of them.
  if (issue.code === 'custom' || issue.code === 'unrecognized_keys')
    return `${where}: ${issue.message}`
  const found = 'input' in issue ? `; found ${describeValue(issue.input)}` : ''
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid'))
    return `${where}: allowed: ${issue.values.map((value) => JSON.stringify(value)).join(', ')}${found}`
  if (issue.message.includes('found')) return `${where}: ${issue.message}`
  return `${where}: ${issue.message.replace(/, received .*$/, '')}${found}`
}
