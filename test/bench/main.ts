import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { supportsRelaxedSimd } from '#core/backend/cpu/relaxed-simd'
import { measurePeak } from '../../electron/bench/measure-peak'
import { loadMnist } from '../../electron/data/load-mnist'
import { BenchError, numbersOption, textOption, type Bench, type Values } from './section'
import { sections } from './sections'

const common = {
  threads: { type: 'string', default: availableParallelism() > 1 ? '1,2' : '1' },
  repeats: { type: 'string', default: '5' },
  json: { type: 'string' },
  plain: { type: 'boolean', default: false },
} as const

/** @param scripts folder of the contenders' scripts; returns the exit status */
export async function main(args: readonly string[], scripts: string): Promise<number> {
  try {
    await measure(parse(args), scripts)
    return 0
  } catch (error) {
    if (!(error instanceof BenchError)) throw error
    process.stderr.write(`${error.message}\n`)
    return 2
  }
}

async function measure(values: Values, scripts: string): Promise<void> {
  const bench = await openBench(values, scripts)
  const cpu = cpus()[0]?.model ?? 'unknown CPU'
  const { peak, relaxedSimd } = bench
  bench.print(`${cpu}, node ${process.version}`)
  bench.print(`128-bit peak of one thread: ${peak.toFixed(1)} GFLOP/s`)
  const asked = sections.filter(({ name }) => name in values)
  const report: object = { cpu, node: process.version, peak, relaxedSimd }
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
    throw new BenchError(error instanceof Error ? error.message : String(error), { cause: error })
  }
}

async function openBench(values: Values, scripts: string): Promise<Bench> {
  // Node 20 has fused multiply-add behind a flag; newer ones need none.
  setFlagsFromString('--experimental-wasm-relaxed-simd')
  const relaxedSimd = values['plain'] !== true && supportsRelaxedSimd()
  const dataset = await loadMnist()
  if (!dataset.ok) throw new BenchError(dataset.error)
  return {
    dataset: dataset.value,
    threadCounts: numbersOption(values, 'threads'),
    repeats: Math.max(1, numbersOption(values, 'repeats')[0] ?? 1),
    relaxedSimd,
    peak: measurePeak(relaxedSimd),
    scripts,
    bundle: new URL('./', import.meta.url),
    print: (line) => {
      process.stdout.write(`${line}\n`)
    },
  }
}
