import { fillIn, type Placeholder } from './fill-in'
import { problemTexts } from './problem-texts'

export type ProblemKind = keyof typeof problemTexts

/** The values that a problem's text speaks of. */
export type ProblemValues<K extends ProblemKind = ProblemKind> = {
  readonly [Name in Placeholder<(typeof problemTexts)[K]>]: string | number
}

/** What is wrong, as data: each window says it in its person's language. */
export interface Problem {
  readonly kind: ProblemKind
  readonly values: Readonly<Record<string, string | number>>
}

export function problemOf<K extends ProblemKind>(kind: K, values: ProblemValues<K>): Problem {
  return { kind, values }
}

/** The English sentence, without the field's path. */
export function describeProblem({ kind, values }: Problem): string {
  return fillIn(problemTexts[kind], values)
}
