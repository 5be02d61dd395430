import type { Verdict } from './verdict'

/** The verdict in English, for terminals and copied text. The interface has its own words in each language. */
export function verdictSentence(verdict: Verdict): string {
  const cpu = verdict.params.cpu ?? 'this processor'
  switch (verdict.because) {
    case 'noGpu':
      return `You will train on the CPU (${cpu}): no GPU was found.`
    case 'virtualGpuOnly':
      return `You will train on the CPU (${cpu}): ${verdict.params.gpu} is a virtual display and cannot compute.`
    case 'softwareOnly':
      return `You will train on the CPU (${cpu}): ${verdict.params.adapter} only imitates a GPU on the same CPU.`
    case 'gpuWithoutWebGpu':
      return `You will train on the CPU (${cpu}): WebGPU does not offer ${verdict.params.gpu}. A newer driver may.`
    case 'doesNotFit':
      return `You will train on the CPU (${cpu}): one buffer would need ${mebibytes(verdict.params.needed)}, and ${verdict.params.gpu} takes ${mebibytes(verdict.params.limit)} at most.`
    case 'refused':
      return `You will train on the CPU (${cpu}): ${verdict.params.gpu} does not take this net (${verdict.params.reason}).`
    case 'cpuIsFaster':
      return `You will train on the CPU (${cpu}): an epoch takes about ${seconds(verdict.params.cpuSeconds)} there and ${seconds(verdict.params.gpuSeconds)} on ${verdict.params.gpu}.`
    case 'gpuIsFaster':
      return `You will train on the GPU (${verdict.params.gpu}): an epoch takes about ${seconds(verdict.params.gpuSeconds)} there and ${seconds(verdict.params.cpuSeconds)} on the CPU.`
    case 'discreteGpu':
      return `You will most likely train on the GPU (${verdict.params.gpu}): it has memory of its own${bandwidths(verdict.params)}.`
    case 'unifiedGpu':
      return `You will most likely train on the GPU (${verdict.params.gpu}): it shares one fast memory with the CPU${bandwidths(verdict.params)}.`
    case 'integratedGpu':
      return `You may train on the GPU (${verdict.params.gpu}): it uses system memory, so a small net may be as fast on the CPU.`
    case 'unknownGpu':
      return `You will most likely train on the GPU (${verdict.params.gpu}).`
  }
}

function bandwidths(params: {
  readonly gpuBandwidth: number | null
  readonly cpuBandwidth: number | null
}): string {
  const { gpuBandwidth, cpuBandwidth } = params
  if (gpuBandwidth === null) return ''
  const gpu = `, ${Math.round(gpuBandwidth)} GB/s`
  const differs = cpuBandwidth !== null && gpuBandwidth > 1.1 * cpuBandwidth
  return differs ? `${gpu} against ${Math.round(cpuBandwidth)} GB/s of the CPU` : gpu
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 ** 2)} MiB`
}

function seconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} s`
}
