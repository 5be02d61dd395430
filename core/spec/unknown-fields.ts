import * as z from 'zod'

/**
 * The message for fields that an object does not have: their names, and those that are allowed. torch's own spelling is
 * the usual cause: weight_decay, where the spec says weightDecay.
 */
export const unknownFields: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== 'unrecognized_keys') return undefined
  const found = issue.keys.map((key) => `"${key}"`).join(', ')
  const allowed = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : []
  return `there is no field ${found}; allowed: ${allowed.join(', ')}`
}
