import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { supportsRelaxedSimd } from '#core/backend/cpu/relaxed-simd'
import { CommandError, usageError } from '../../electron/cli/command'
import { measurePeak } from '../../electron/bench/measure-peak'
import { loadMnist } from '../../electron/data/load-mnist'
import { numbersOption, textOption, type Bench, type Values } from './section'
import { sections } from './sections'

const common = {
  threads: { type: 'string', default: availableParallelism() > 1 ? '1,2' : '1' },
  repeats: { type: 'string', default: '5' },
  json: { type: 'string' },
  plain: { type: 'boolean', default: false },
} as const

/** @param root folder of package.json; returns the exit status */
export async function main(args: readonly string[], root: string): Promise<number> {
  try {
    await measure(parse(args), root)
    return 0
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    process.stderr.write(`${error.message}\n`)
    return error.status
  }
}

async function measure(values: Values, root: string): Promise<void> {
  const bench = await openBench(values, root)
  const cpu = cpus()[0]?.model ?? 'unknown CPU'
  const { relaxedSimd } = bench
  bench.print(`${cpu}, node ${process.version}`)
  const asked = sections.filter(({ name }) => name in values)
  const report: object = { cpu, node: process.version, relaxedSimd }
  for (const section of asked.length > 0 ? asked : sections.slice(0, 1))
    Object.assign(report, await section.run(bench, values))
  const file = textOption(values, 'json')
  if (file !== undefined) await writeFile(file, `${JSON.stringify(report, null, 2)}\n`)
}

function parse(args: readonly string[]): Values {
  const options: ParseArgsConfig['options'] = Object.assign(
    {},
    ...sections.map((section) => section.options),
    common,
  )
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error))
  }
}

async function openBench(values: Values, root: string): Promise<Bench> {
  // Node 20 has fused multiply-add behind a flag; newer ones need none.
  setFlagsFromString('--experimental-wasm-relaxed-simd')
  const relaxedSimd = values['plain'] !== true && supportsRelaxedSimd()
  const dataset = await loadMnist()
  if (!dataset.ok) throw usageError(dataset.error)
  let peak: number | null = null
  return {
    dataset: dataset.value,
    threadCounts: numbersOption(values, 'threads'),
    repeats: Math.max(1, numbersOption(values, 'repeats')[0] ?? 1),
    relaxedSimd,
    peak: () => (peak ??= measurePeak(relaxedSimd)),
    root,
    scripts: join(root, 'test/bench/sources'),
    bundle: new URL('./', import.meta.url),
    print: (line) => {
      process.stdout.write(`${line}\n`)
    },
  }
}
