import type { Hello } from '#core/contract/answers'
import type { DeviceDecision } from '#core/contract/device-reason'
import type { MachineReport } from '#core/contract/machine'
import { askedWebGpu, verdict, type Verdict, type VerdictInput } from '#core/machine/verdict'
import { bytes } from '../kit/format'
import { epochText } from './epoch-text'

type Because =
  Verdict['because'] | 'gpuNotUsed' | 'askedCpu' | 'askedGpu' | 'askedReference' | 'askedMissing'

/** Which device trains, and the sentence that says so: `because` names the text, `params` fills it. */
export interface SpokenVerdict {
  readonly device: 'cpu' | 'webgpu'
  readonly because: Because
  readonly params: Readonly<Record<string, string>>
  /** Null where there is none that counts. */
  readonly gpu: string | null
}

/** The present net, as far as it decides. */
export interface VerdictNet extends Pick<VerdictInput, 'seconds' | 'largestBuffer' | 'refusal'> {
  /** What the trainer answers for this spec; null while it has not. */
  readonly decision?: DeviceDecision | null
  readonly stepsPerEpoch?: number
}

/**
 * What the trainer would do, where it has said so; else what the report says, held against what the trainer can really use: a card
 * that is there but not among the trainer's devices does not train.
 */
export function spokenVerdict(
  report: MachineReport,
  devices: Hello['devices'],
  thisCpu: string,
  net: VerdictNet = {},
): SpokenVerdict {
  const { decision = null, stepsPerEpoch = 1, ...rest } = net
  const likely = likelyVerdict(report, devices, thisCpu, rest)
  return decision === null ? likely : decided(decision, likely, stepsPerEpoch, thisCpu, report)
}

function likelyVerdict(
  report: MachineReport,
  devices: Hello['devices'],
  thisCpu: string,
  net: Pick<VerdictInput, 'seconds' | 'largestBuffer' | 'refusal'>,
): SpokenVerdict {
  const found = verdict({ report, webgpuAsked: askedWebGpu(report), ...net })
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

/** The trainer's own answer in the same words. */
function decided(
  decision: DeviceDecision,
  likely: SpokenVerdict,
  stepsPerEpoch: number,
  thisCpu: string,
  report: MachineReport,
): SpokenVerdict {
  const cpu = report.cpu.name.value ?? thisCpu
  const { gpu } = likely
  const onCpu = (because: Because, params: Record<string, string> = {}): SpokenVerdict => ({
    device: 'cpu',
    because,
    params: { cpu, ...params },
    gpu,
  })
  if (decision.state === 'refused')
    return { ...onCpu('askedMissing', { reason: decision.reason }), device: askedDevice(decision) }
  const { why } = decision
  const name = gpu ?? 'GPU'
  switch (why.kind) {
    case 'asked':
    case 'lost':
      return decision.device === 'webgpu'
        ? { device: 'webgpu', because: 'askedGpu', params: { cpu, gpu: name }, gpu }
        : onCpu(decision.device === 'cpu' ? 'askedCpu' : 'askedReference')
    case 'gpu-faster':
    case 'cpu-faster': {
      const params = {
        cpu,
        gpu: gpu ?? why.gpu,
        gpuSeconds: epochText(stepsPerEpoch / why.gpuStepsPerSecond),
        cpuSeconds: epochText(stepsPerEpoch / why.cpuStepsPerSecond),
      }
      return why.kind === 'gpu-faster'
        ? { device: 'webgpu', because: 'gpuIsFaster', params, gpu: gpu ?? why.gpu }
        : { ...onCpu('cpuIsFaster', params), gpu: gpu ?? why.gpu }
    }
    case 'software-gpu':
      return onCpu('softwareOnly', { adapter: why.gpu })
    case 'cpu-only':
      return likely.device === 'cpu' ? likely : onCpu('refused', { gpu: name, reason: why.reason })
    case 'no-gpu':
      return likely.device === 'cpu' ? likely : onCpu('gpuNotUsed', { gpu: name })
  }
}

function askedDevice({ device }: DeviceDecision): SpokenVerdict['device'] {
  return device === 'webgpu' ? 'webgpu' : 'cpu'
}

function worded({ because, params }: Verdict): Record<string, string> {
  switch (because) {
    case 'noGpu':
      return {}
    case 'refused':
      return { gpu: params.gpu, reason: params.reason }
    case 'softwareOnly':
      return { adapter: params.adapter }
    case 'doesNotFit':
      return { gpu: params.gpu, needed: bytes(params.needed), limit: bytes(params.limit) }
    case 'cpuIsFaster':
    case 'gpuIsFaster':
      return {
        gpu: params.gpu,
        gpuSeconds: epochText(params.gpuSeconds),
        cpuSeconds: epochText(params.cpuSeconds),
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
