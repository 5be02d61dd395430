import { useI18n } from 'vue-i18n'
import type * as z from 'zod'
import { schemaProblem } from '#core/spec/schema-problem'

/** What a schema has against a value, in the person's language; null where it takes it. */
export function useRefusal() {
  const { t } = useI18n()
  return (schema: z.ZodType, value: unknown): string | null => {
    const parsed = schema.safeParse(value, { reportInput: true })
    const issue = parsed.error?.issues[0]
    if (issue === undefined) return null
    const { kind, values } = schemaProblem(issue)
    return t(`problem.${kind}`, values)
  }
}
