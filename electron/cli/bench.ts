import { availableParallelism, cpus } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { supportsRelaxedSimd } from '#core/backend/cpu/relaxed-simd'
import { EngineContender } from '../bench/engine-contender'
import { measurePeak } from '../bench/measure-peak'
import { race, type Measurement } from '../bench/race'
import { netOf, standardNets, type StandardNet } from '../bench/standard-nets'
import { benchVerdict, type MachineFigures } from '../bench/bench-verdict'
import { loadMnist } from '../data/load-mnist'
import { openDevice } from '../trainer/devices'
import {
  CommandError,
  EXIT,
  parseOptions,
  usageError,
  wholeOption,
  type Command,
  type Surface,
} from './command'
import { textTable } from './text-table'

const help = `bench [options]: times the training of standard nets on this machine's CPU and says what the figures mean.

  --threads N,M  numbers of threads to compare (default: one, and all that this machine has)
  --nets N,M     which nets (default: 2,3,5)
${standardNets.map(({ number, name }) => `                   ${number}  ${name}`).join('\n')}
  --repeats N    measurements of each, in turn; the median counts (default 3)
  --json         one JSON object a line on stdout: a measurement each, then done

Takes about half a minute; Ctrl-C ends it with status 130. To compare with PyTorch on this machine, in a checkout:
npm run bench -- --compare torch --python PYTHON`

const options = {
  threads: { type: 'string' },
  nets: { type: 'string', default: '2,3,5' },
  repeats: { type: 'string', default: '3' },
  json: { type: 'boolean' },
} as const

export const benchCommand: Command = {
  summary: 'measures how fast this machine trains',
  help,
  run: bench,
}

async function bench(args: readonly string[], surface: Surface): Promise<number> {
  const { values, positionals } = parseOptions(args, options)
  if (positionals.length > 0)
    throw usageError(`bench takes no arguments; found ${positionals.join(', ')}`)
  const nets = listOf('nets', values.nets).map(netNumbered)
  const threads = values.threads === undefined ? usualThreads() : listOf('threads', values.threads)
  const repeats = wholeOption('repeats', values.repeats, 1) ?? 1
  const output = values.json === true ? jsonOutput(surface) : personOutput(surface)
  const controller = new AbortController()
  const cancel = (): void => {
    controller.abort(new CommandError(EXIT.cancelled, '\nCancelled.'))
  }
  // They stay: npm passes a terminal's Ctrl-C on as a second signal, which must not cut the end short.
  process.on('SIGINT', cancel)
  process.on('SIGTERM', cancel)
  await measure({ nets, threads, repeats, signal: controller.signal }, surface, output)
  return EXIT.done
}

interface Wish {
  readonly nets: readonly StandardNet[]
  readonly threads: readonly number[]
  readonly repeats: number
  readonly signal: AbortSignal
}

async function measure(wish: Wish, surface: Surface, output: BenchOutput): Promise<void> {
  // Node 20 has fused multiply-add behind a flag; newer ones need none. The engine's thread does the same.
  setFlagsFromString('--experimental-wasm-relaxed-simd')
  const relaxedSimd = supportsRelaxedSimd()
  const contenders: EngineContender[] = []
  const measurements: Measurement[] = []
  try {
    for (const threads of wish.threads) contenders.push(await openContender(threads, surface))
    const peak = measurePeak(relaxedSimd)
    for (const net of wish.nets) {
      surface.tell(`Measuring ${net.name} ...`)
      const { repeats, signal } = wish
      const placings = await race(net, contenders, { repeats, peak, signal })
      measurements.push(...placings.map(({ measurement }) => measurement))
      output.measured(net, measurements.slice(-placings.length))
      for (const contender of contenders) await contender.release()
    }
    output.done({ measurements, peak, relaxedSimd, defaultThreads: availableParallelism() })
  } finally {
    for (const contender of contenders) await contender.close()
  }
}

/** The engine as `train` runs it: in a thread of its own. */
async function openContender(threads: number, surface: Surface): Promise<EngineContender> {
  const dataset = await loadMnist()
  if (!dataset.ok) throw new CommandError(EXIT.internal, dataset.error)
  const device = await openDevice('cpu', threads, new URL('engine.js', surface.bundle))
  if (!device.ok) throw new CommandError(EXIT.device, device.error.reason)
  const { value: opened } = device
  return new EngineContender({
    name: 'cpu',
    threads,
    backend: opened.backend,
    dataset: dataset.value,
    end: () => opened.close(),
  })
}

interface BenchOutput {
  measured(net: StandardNet, measurements: readonly Measurement[]): void
  done(figures: MachineFigures): void
}

function personOutput(surface: Surface): BenchOutput {
  return {
    measured: () => undefined,
    done: (figures) => {
      surface.print(`${processor()}, Node ${process.versions.node}`)
      surface.print('')
      surface.print(tableOf(figures.measurements))
      surface.print('')
      for (const sentence of benchVerdict(figures)) surface.print(sentence)
    },
  }
}

/** One JSON object a line: measurement, done. */
function jsonOutput(surface: Surface): BenchOutput {
  return {
    measured: ({ number }, measurements) => {
      for (const { net, contender: device, ...figures } of measurements)
        surface.print(JSON.stringify({ type: 'measurement', number, net, device, ...figures }))
    },
    done: (figures) => {
      const { peak: peakGflops, relaxedSimd } = figures
      const { node } = process.versions
      const verdict = benchVerdict(figures)
      const cpu = processor()
      surface.print(JSON.stringify({ type: 'done', cpu, node, relaxedSimd, peakGflops, verdict }))
    },
  }
}

function tableOf(measurements: readonly Measurement[]): string {
  const head = ['net', 'threads', 's/epoch', 'images/s', 'GFLOP/s', 'of 128-bit peak']
  return textTable(
    head,
    measurements.map((m) => [
      m.net,
      String(m.threads),
      m.secondsPerEpoch.toFixed(m.secondsPerEpoch < 10 ? 2 : 1),
      String(Math.round(m.imagesPerSecond)),
      m.gflops.toFixed(0),
      m.shareOfPeak === null ? '' : `${Math.round(100 * m.shareOfPeak)} %`,
    ]),
  )
}

function processor(): string {
  return `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} logical processors`
}

function usualThreads(): readonly number[] {
  return [...new Set([1, availableParallelism()])]
}

function netNumbered(number: number): StandardNet {
  try {
    return netOf(number)
  } catch (error) {
    throw usageError(`--nets: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Whole numbers from 1 with commas between. */
function listOf(name: string, text: string): readonly number[] {
  return [...new Set(text.split(',').map((part) => wholeOption(name, part, 1) ?? 1))]
}
