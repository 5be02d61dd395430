import type { parseArgs, ParseArgsConfig } from 'node:util'
import type { Dataset } from '#core/data/dataset'
import { usageError } from '../../electron/cli/command'

/** What parseArgs found; a section reads its own options of them. */
export type Values = ReturnType<typeof parseArgs>['values']

/** What every section measures with. */
export interface Bench {
  readonly dataset: Dataset
  readonly threadCounts: readonly number[]
  readonly repeats: number
  /** Fused multiply-add on 128-bit vectors; false with --plain or where the runtime has none. */
  readonly relaxedSimd: boolean
  /** GFLOP/s of one thread with 128-bit vectors, measured in this run where it is first asked for. */
  peak(): number
  /** Folder of package.json. */
  readonly root: string
  /** Where contenders of other languages keep their scripts: test/bench/sources. */
  readonly scripts: string
  /** Built bundles of the bench: kernel-thread.js, engine.js. */
  readonly bundle: URL
  print(line: string): void
}

/** One part of `npm run bench`: a file under sections/, listed in sections.ts. */
export interface Section {
  /** `npm run bench -- --name` runs it; without any such option, `nets` runs. Must be among `options`. */
  readonly name: string
  readonly options: ParseArgsConfig['options']
  /** Prints its table and returns what --json writes under keys of its own. */
  run(bench: Bench, values: Values): Promise<object>
}

export function textOption(values: Values, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

export function numbersOption(values: Values, name: string): readonly number[] {
  const text = textOption(values, name) ?? ''
  const numbers = text.split(',').map(Number)
  if (text !== '' && numbers.every((n) => Number.isSafeInteger(n) && n >= 0)) return numbers
  throw usageError(`--${name}: found "${text}"; allowed: whole numbers with commas between`)
}
