import type { Hello } from '#core/contract/answers'
import type { MachineReport } from '#core/contract/machine'
import { verdict, type Verdict, type VerdictInput } from '#core/machine/verdict'
import { bytes } from '../kit/format'

type Because = Verdict['because'] | 'gpuNotUsed'

/** Which device trains, and the sentence that says so: `because` names the text, `params` fills it. */
export interface SpokenVerdict {
  readonly device: 'cpu' | 'webgpu'
  readonly because: Because
  readonly params: Readonly<Record<string, string>>
  /** Null where there is none that counts. */
  readonly gpu: string | null
}

/**
 * What the report says, held against what the trainer can really use: a card that is there but not among the trainer's
 * devices does not train.
 */
export function spokenVerdict(
  report: MachineReport,
  devices: Hello['devices'],
  thisCpu: string,
  net: Pick<VerdictInput, 'seconds' | 'largestBuffer' | 'refusedOptimizer'> = {},
): SpokenVerdict {
  const found = verdict({ report, webgpuAsked: report.webgpu.length > 0, ...net })
  const cpu = found.params.cpu ?? thisCpu
  const gpu = 'gpu' in found.params ? found.params.gpu : null
  const usable = devices.some(({ device, available }) => device === 'webgpu' && available)
  if (found.device === 'webgpu' && !usable)
    return { device: 'cpu', because: 'gpuNotUsed', params: { cpu, gpu: gpu ?? 'GPU' }, gpu }
  return {
    device: found.device,
    because: found.because,
    params: { cpu, ...worded(found) },
    gpu,
  }
}

function worded({ because, params }: Verdict): Record<string, string> {
  switch (because) {
    case 'noGpu':
      return {}
    case 'refused':
      return { gpu: params.gpu, optimizer: params.optimizer }
    case 'softwareOnly':
      return { adapter: params.adapter }
    case 'doesNotFit':
      return { gpu: params.gpu, needed: bytes(params.needed), limit: bytes(params.limit) }
    case 'cpuIsFaster':
    case 'gpuIsFaster':
      return {
        gpu: params.gpu,
        gpuSeconds: params.gpuSeconds.toFixed(1),
        cpuSeconds: params.cpuSeconds.toFixed(1),
      }
    case 'virtualGpuOnly':
    case 'gpuWithoutWebGpu':
    case 'discreteGpu':
    case 'unifiedGpu':
    case 'integratedGpu':
    case 'unknownGpu':
      return { gpu: params.gpu }
  }
}
