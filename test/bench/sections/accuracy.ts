import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunSpec } from '#core/spec/run-spec'
import { readSpec } from '../../../electron/cli/read-spec'
import { RunStore } from '../../../electron/store/run-store'
import type { ActiveRun, RunHost } from '../../../electron/trainer/active-run'
import { DeviceDesk } from '../../../electron/trainer/device-desk'
import { nodeGpuHost } from '../../../electron/trainer/gpu/node-gpu-host'
import { reopenRun, startRun } from '../../../electron/trainer/open-run'
import { usageError } from '../../../electron/cli/command'
import { numbersOption, textOption, type Bench, type Section } from '../section'

/** One line of --out: a training that reached its last epoch, and its only look at the test set. */
interface AccuracyRecord {
  readonly preset: string
  readonly seed: number
  readonly epochs: number
  /** Share of the 10,000 test images that are named wrongly. */
  readonly testError: number
  readonly testLoss: number
  /** Training time, evaluation not counted. */
  readonly seconds: number
  readonly device: string
  readonly threads: number
  readonly node: string
  /** What was asked, so that results of a preset that changed are not mixed. */
  readonly spec: RunSpec
}

/**
 * Trains a preset over seeds on the whole data set, as `train` does, run folders included: what is interrupted goes on from its last
 * checkpoint, what has finished stands in --out and is not done again.
 */
export const accuracySection: Section = {
  name: 'accuracy',
  options: {
    accuracy: { type: 'string' },
    seeds: { type: 'string', default: '0,1,2,3,4' },
    set: { type: 'string', multiple: true },
    runs: { type: 'string' },
    out: { type: 'string' },
  },
  async run(bench, values) {
    const preset = textOption(values, 'accuracy') ?? ''
    const out = textOption(values, 'out') ?? join(bench.root, 'test/bench/accuracy.jsonl')
    const runs = textOption(values, 'runs') ?? join(bench.root, 'node_modules/.cache/accuracy-runs')
    const host = hostOf(bench, runs)
    const changes = [values['set'] ?? []].flat().map(String)
    const records: AccuracyRecord[] = []
    for (const seed of numbersOption(values, 'seeds')) {
      const spec = await readSpec(preset, [...changes, `training.seed=${seed}`], 'cpu')
      const known = (await readRecords(out)).find((record) => sameSpec(record.spec, spec))
      const record = known ?? (await trainOnce(bench, host, preset, spec))
      if (known === undefined) await appendFile(out, `${JSON.stringify(record)}\n`)
      bench.print(`${preset} seed ${seed}: ${percent(record.testError)} wrong`)
      records.push(record)
    }
    bench.print(describe(preset, records))
    return { accuracy: records }
  },
}

function hostOf(bench: Bench, runs: string): RunHost {
  const { dataset, bundle, threadCounts } = bench
  const engineScript = new URL('engine.js', bundle)
  const gpu = nodeGpuHost({ engineScript, tiles: join(runs, 'gpu-tiles.json') })
  return {
    store: new RunStore(runs, (error) => {
      throw error
    }),
    dataset,
    desk: new DeviceDesk({ engineScript, threads: threadCounts[0] ?? 1, gpu }),
    version: 'bench',
    send: (event) => {
      if (event.type !== 'epoch') return
      const { epoch, trainLoss, seconds } = event.record
      bench.print(
        `  epoch ${epoch}: training loss ${trainLoss.toFixed(4)}, ${seconds.toFixed(1)} s`,
      )
    },
  }
}

async function trainOnce(
  bench: Bench,
  host: RunHost,
  preset: string,
  spec: RunSpec,
): Promise<AccuracyRecord> {
  const run = await openRun(host, spec)
  const stop = (): void => {
    // The checkpoint is written before the process ends; the next call goes on from it.
    void run.trainer.stop()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  try {
    const state = await run.trainer.run()
    const { test, epochs } = run.snapshot()
    if (state.phase !== 'finished' || test === null)
      throw usageError(`${preset} seed ${spec.training.seed} ended ${state.phase}: ${run.path}`)
    return {
      preset,
      seed: spec.training.seed,
      epochs: epochs.length,
      testError: 1 - test.testAccuracy,
      testLoss: test.testLoss,
      seconds: epochs.reduce((sum, { seconds }) => sum + seconds, 0),
      device: run.header.device,
      threads: bench.threadCounts[0] ?? 1,
      node: process.version,
      spec,
    }
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
    await run.close()
  }
}

/** The run of this very spec that was interrupted, or a new one. */
async function openRun(host: RunHost, spec: RunSpec): Promise<ActiveRun> {
  for (const { id, resumable } of await host.store.list()) {
    const stored = await host.store.spec(id)
    if (!resumable || !stored.ok || !sameSpec(stored.value, spec)) continue
    const reopened = await reopenRun(host, id)
    if (reopened.ok) return reopened.value
  }
  const started = await startRun(host, spec)
  if (started.ok) return started.value
  throw usageError(started.error.message)
}

async function readRecords(path: string): Promise<readonly AccuracyRecord[]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as AccuracyRecord)
}

/** Names do not matter: they differ between the versions of a preset. */
function sameSpec(a: RunSpec, b: RunSpec): boolean {
  return JSON.stringify({ ...a, name: '' }) === JSON.stringify({ ...b, name: '' })
}

function describe(preset: string, records: readonly AccuracyRecord[]): string {
  const errors = records.map(({ testError }) => testError)
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
  const spread = `${percent(Math.min(...errors))} to ${percent(Math.max(...errors))}`
  return `${preset}: ${percent(mean)} wrong, mean of ${errors.length} seeds (${spread})`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}
