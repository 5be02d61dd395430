import type * as z from 'zod'
import { schemaProblem } from '#core/spec/schema-problem'
import { useSentence } from './use-sentence'

/** What a schema has against a value, in the person's language; null where it takes it. */
export function useRefusal() {
  const sentence = useSentence()
  return (schema: z.ZodType, value: unknown): string | null => {
    const parsed = schema.safeParse(value, { reportInput: true })
    const issue = parsed.error?.issues[0]
    if (issue === undefined) return null
    return sentence(schemaProblem(issue))
  }
}
