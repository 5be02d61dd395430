import type { Session } from '#core/backend/backend'
import { WebgpuSession } from '#core/backend/webgpu/webgpu-session'
import type { Contender } from '../../../electron/bench/contender'
import { EngineContender } from '../../../electron/bench/engine-contender'
import { race } from '../../../electron/bench/race'
import { CommandError, EXIT } from '../../../electron/cli/command'
import { openDawn } from '../../../electron/trainer/gpu/dawn'
import { gpuNets } from '../gpu/nets'
import { gpuBandwidth, gpuPeak } from '../gpu/peak'
import { describeRow, describeTarget, type GpuRow, rowOf, targetsOf } from '../gpu/report'
import { torchCuda } from '../gpu/torch-cuda'
import { webgpuContender } from '../gpu/webgpu-contender'
import { numbersOption, textOption, type Section, type Values } from '../section'

/** A measurement lasts about so long, and is repeated. */
const USUAL = { seconds: 1, repeats: 5 }
const QUICK = { seconds: 0.2, repeats: 1 }

/** Nets at three batch sizes on this machine's GPU, beside PyTorch on CUDA where there is one. */
export const gpuSection: Section = {
  name: 'gpu',
  options: {
    gpu: { type: 'boolean' },
    quick: { type: 'boolean' },
    'gpu-nets': { type: 'string' },
    'torch-device': { type: 'string' },
  },
  async run(bench, values) {
    const opened = await openDawn()
    if (!opened.ok) throw new CommandError(EXIT.device, opened.error)
    const { info, description, device } = opened.value
    const length = values['quick'] === true ? QUICK : USUAL
    bench.print(`GPU: ${info.name}${info.software ? ' – software: no figure for any GPU' : ''}`)
    const peak = {
      gflops: await gpuPeak(device, info.software),
      gigabytesPerSecond: await gpuBandwidth(device, info.software),
    }
    bench.print(
      `float32 multiply-adds: ${peak.gflops.toFixed(0)} GFLOP/s; copies: ${peak.gigabytesPerSecond.toFixed(0)} GB/s`,
    )
    const mine = await webgpuContender(opened.value, bench.dataset, length.seconds)
    const rivals = await torchCuda({
      scripts: bench.scripts,
      python: textOption(values, 'python') ?? 'python3',
      seconds: length.seconds,
      trial: netsOf(values)[0],
      device: values['torch-device'] === 'cpu' ? 'cpu' : 'cuda',
      print: (line) => {
        bench.print(line)
      },
    })
    const rows: GpuRow[] = []
    try {
      for (const net of netsOf(values)) {
        const placings = await race(net, [mine, ...rivals], {
          repeats: length.repeats,
          peak: bench.peak(),
        })
        const own = placings.map((placing) =>
          rowOf(net, placing, peak, ownOf(placing.contender, mine.session)),
        )
        rows.push(...own)
        own.forEach((row, i) => {
          bench.print(describeRow(row, i === 0 ? own.slice(1) : []))
        })
        for (const contender of [mine, ...rivals]) await contender.release()
      }
    } finally {
      for (const contender of [mine, ...rivals]) await contender.close()
      device.destroy()
    }
    const targets = targetsOf(rows, mine.name)
    if (!info.software) for (const target of targets) bench.print(describeTarget(target))
    const { name, software } = info
    return {
      gpu: { name, key: description.key, software, peak, rows, targets: software ? null : targets },
    }
  },
}

function netsOf(values: Values) {
  const numbers = values['gpu-nets'] === undefined ? null : numbersOption(values, 'gpu-nets')
  if (numbers !== null) return gpuNets.filter(({ number }) => numbers.includes(number))
  return values['quick'] === true ? gpuNets.slice(0, 1) : gpuNets
}

function ownOf(
  contender: Contender,
  session: Session | null,
): Pick<GpuRow, 'dispatchesPerStep' | 'tiles'> {
  if (!(contender instanceof EngineContender) || !(session instanceof WebgpuSession))
    return { dispatchesPerStep: null, tiles: null }
  return { dispatchesPerStep: session.dispatchesPerStep, tiles: session.tiles }
}
