import { z } from 'zod'

/**
 * The numeric fields of the run spec. Each refuses NaN and infinity and says in one sentence what is allowed;
 * path and found value are added by describe-issue.ts.
 */

export const atLeast = (minimum: number) => {
  const error = `must be a number >= ${minimum}`
  return z.number({ error }).min(minimum, { error })
}

export const above = (minimum: number) => {
  const error = `must be a number > ${minimum}`
  return z.number({ error }).gt(minimum, { error })
}

export const atMost = (maximum: number) => {
  const error = `must be a number <= ${maximum}`
  return z.number({ error }).max(maximum, { error })
}

export const between = (minimum: number, maximum: number) => {
  const error = `must be a number from ${minimum} to ${maximum}`
  return z.number({ error }).min(minimum, { error }).max(maximum, { error })
}

/** [0, 1): the decay rates called beta, and factors that only shrink. */
export const belowOne = () => {
  const error = 'must be a number >= 0 and < 1'
  return z.number({ error }).min(0, { error }).lt(1, { error })
}

/** (0, 1] */
export const positiveFraction = () => {
  const error = 'must be a number > 0 and <= 1'
  return z.number({ error }).gt(0, { error }).max(1, { error })
}

export const finite = () => z.number({ error: 'must be a number' })

export const wholeFrom = (minimum: number, maximum?: number) => {
  const error =
    maximum === undefined
      ? `must be a whole number >= ${minimum}`
      : `must be a whole number from ${minimum} to ${maximum}`
  const whole = z.int({ error }).min(minimum, { error })
  return maximum === undefined ? whole : whole.max(maximum, { error })
}
