import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { presetById } from '#core/spec/presets'
import { median } from '../../../electron/bench/race'
import { channelMessageSchema } from '../../../electron/trainer/channel-clients'
import { TestWindow } from '../../electron/window'
import type { Section } from '../section'

const EPOCHS = 5
const POLL_MILLISECONDS = 25

/** What a real process took: from its start to its first step, and the most memory it held. */
interface ProcessFigures {
  readonly secondsToFirstStep: number
  /** MiB; null where the system does not tell (anything but Linux). */
  readonly peakMemory: number | null
}

/**
 * The starter in the real processes: `train` in a terminal (Node's start, the look at the build and the command's own code
 * included), and the trainer that `serve` and the desktop start, its window asking at once.
 */
export const processesSection: Section = {
  name: 'processes',
  options: { processes: { type: 'boolean' } },
  async run(bench) {
    const folder = await mkdtemp(join(tmpdir(), 'bench-processes-'))
    try {
      const processes: Record<string, ProcessFigures> = {}
      for (const [name, measure] of [
        ['train', measureTrain],
        ['trainer', measureTrainer],
      ] as const) {
        const all: ProcessFigures[] = []
        for (let repeat = 0; repeat < bench.repeats; repeat++)
          all.push(await measure(bench.root, folder))
        const figures = summaryOf(all)
        processes[name] = figures
        bench.print(describe(name, figures))
      }
      return { processes }
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}

async function measureTrain(root: string, folder: string): Promise<ProcessFigures> {
  const start = performance.now()
  const child = spawn(
    process.execPath,
    [
      ...[join(root, 'electron/cli.mjs'), 'train', 'starter', '--runs', folder],
      ...['--json', '--log-every', '1', '--set', `training.epochs=${EPOCHS}`],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const peak = watchMemory(child)
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  await once(lines, 'line')
  const secondsToFirstStep = (performance.now() - start) / 1000
  await ended
  return { secondsToFirstStep, peakMemory: await peak }
}

async function measureTrainer(root: string, folder: string): Promise<ProcessFigures> {
  const start = performance.now()
  const child = fork(join(root, 'out/main/trainer.js'), {
    env: { ...process.env, GRADIENT_WORKBENCH_DATA: folder, GRADIENT_WORKBENCH_RUNS: folder },
  })
  const peak = watchMemory(child)
  const ended = once(child, 'exit')
  const window = new TestWindow((data) => child.send({ client: 'bench', data }))
  child.on('message', (raw) => {
    const { data } = channelMessageSchema.parse(raw)
    if (data !== undefined) window.accept(data)
  })
  child.send({ client: 'bench' })
  const spec = presetById('starter')
  await window.trainer.startRun({
    spec: { ...spec, training: { ...spec.training, epochs: EPOCHS } },
  })
  await window.event('steps')
  const secondsToFirstStep = (performance.now() - start) / 1000
  await window.event('test')
  child.disconnect()
  await ended
  return { secondsToFirstStep, peakMemory: await peak }
}

/** MiB: the peak that the kernel notes, asked for until the process ends. */
async function watchMemory(child: ChildProcess): Promise<number | null> {
  let peak: number | null = null
  while (child.exitCode === null && child.signalCode === null) {
    const status = await readFile(`/proc/${child.pid ?? 0}/status`, 'utf8').catch(() => '')
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
    if (kibibytes !== undefined) peak = Number(kibibytes) / 1024
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS))
  }
  return peak
}

function summaryOf(all: readonly ProcessFigures[]): ProcessFigures {
  const peaks = all.flatMap(({ peakMemory }) => (peakMemory === null ? [] : [peakMemory]))
  return {
    secondsToFirstStep: median(all.map(({ secondsToFirstStep }) => secondsToFirstStep)),
    peakMemory: peaks.length > 0 ? Math.max(...peaks) : null,
  }
}

function describe(name: string, { secondsToFirstStep, peakMemory }: ProcessFigures): string {
  const memory = peakMemory === null ? 'not told by this system' : `${Math.round(peakMemory)} MiB`
  return `${name.padEnd(8)}  first step after ${secondsToFirstStep.toFixed(2)} s, peak memory ${memory}`
}
