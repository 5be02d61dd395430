import type { ParseArgsConfig } from 'node:util'
import type { Contender } from '../../electron/bench/contender'
import type { Bench, Values } from './section'

/**
 * Where contenders of the nets table come from: a file under sources/, listed in sources.ts. The workbench's backends are chosen
 * with --backends, everybody else with --compare.
 */
export interface ContenderSource {
  readonly name: string
  readonly kind: 'backend' | 'rival'
  readonly options: ParseArgsConfig['options']
  /** Throws a CommandError that says what is missing and how to get it. */
  open(bench: Bench, values: Values): Promise<readonly Contender[]>
}
