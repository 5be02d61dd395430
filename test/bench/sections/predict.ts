import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import { predictStep, stepsPerEpoch } from '#core/machine/step-time'
import { trainingShape } from '#core/machine/training-shape'
import { runSpecSchema, type RunSpec } from '#core/spec/run-spec'
import { specOf, standardNets } from '../../../electron/bench/standard-nets'
import { calibrate } from '../../../electron/trainer/calibrate'
import { spawnKernelThread } from '../../../electron/trainer/spawn-kernel-thread'
import { timeSteps } from '../../../electron/trainer/time-steps'
import type { Bench, Section } from '../section'

interface Row {
  readonly net: string
  readonly threads: number
  /** Seconds an epoch. */
  readonly predicted: number
  readonly took: number
  /** predicted / took */
  readonly ratio: number
}

/** How near the Machine page's predictions come to what then happens, on the CPU. Each ratio is to lie within 1/1.5 and 1.5. */
export const predictSection: Section = {
  name: 'predict',
  options: { predict: { type: 'boolean' } },
  async run(bench) {
    const rows: Row[] = []
    for (const threads of bench.threadCounts) rows.push(...(await predictAll(bench, threads)))
    const factor = Math.max(...rows.map(({ ratio }) => Math.max(ratio, 1 / ratio)))
    bench.print(`largest factor ${factor.toFixed(2)}, wanted: at most 1.5`)
    return { predictions: rows }
  },
}

async function predictAll(bench: Bench, threads: number): Promise<readonly Row[]> {
  const { dataset, relaxedSimd, bundle } = bench
  const { signal } = new AbortController()
  const spawnThread = () => spawnKernelThread(new URL('kernel-thread.js', bundle))
  const backend = await createCpuBackend({ threads, relaxedSimd, spawnThread })
  const begun = performance.now()
  const rates = await calibrate({ backend, dataset, spec: unusual, signal })
  bench.print(
    `${threads} threads, measured in ${((performance.now() - begun) / 1000).toFixed(1)} s`,
  )
  const rows: Row[] = []
  for (const [net, spec] of nets) {
    const shape = trainingShape(spec)
    const step = await timeSteps({ spec, dataset, backend, signal, durationMs: 1200 })
    const prediction = shape === null ? null : predictStep(rates, shape)
    if (shape === null || step === null || prediction?.known !== true)
      throw new Error(`${net} cannot be predicted`)
    const steps = stepsPerEpoch(shape)
    const ratio = prediction.seconds / step
    const row = { net, threads, predicted: prediction.seconds * steps, took: step * steps, ratio }
    rows.push(row)
    bench.print(describe(row))
  }
  return rows
}

/** What the standard nets do not have: layers without a kernel of their own, another optimizer. */
const unusual = runSpecSchema.parse({
  version: 1,
  model: {
    layers: [
      { type: 'Linear', outFeatures: 512 },
      { type: 'ReLU' },
      { type: 'Dropout', p: 0.2 },
      { type: 'Linear', outFeatures: 256 },
      { type: 'BatchNorm1d' },
      { type: 'GELU' },
      { type: 'Linear', outFeatures: 10 },
    ],
  },
  optimizer: { type: 'AdamW' },
  training: { batchSize: 128 },
})

const nets: readonly (readonly [string, RunSpec])[] = [
  ...standardNets.map((net) => [net.name, specOf(net)] as const),
  ['784-512-256-10 b128 AdamW, Dropout, BatchNorm1d, GELU', unusual],
]

function describe({ net, predicted, took, ratio }: Row): string {
  return `  ${net.padEnd(54)} predicted ${predicted.toFixed(3)} s, took ${took.toFixed(3)} s an epoch: ${ratio.toFixed(2)}`
}
