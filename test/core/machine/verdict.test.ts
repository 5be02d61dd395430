import { expect, test } from 'vitest'
import type { MachineReport } from '#core/machine/report'
import { assembleReport } from '#core/machine/assemble'
import { leavesFrom } from '#core/machine/measured'
import { verdict, type VerdictInput } from '#core/machine/verdict'
import { webGpuReport, type AdapterFacts } from '#core/machine/webgpu-adapter'

const leaf = leavesFrom('test')
const LIMITS = {
  maxBufferSize: 256 * 1024 ** 2,
  maxStorageBufferBindingSize: 128 * 1024 ** 2,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupStorageSize: 16_384,
}
const INFO = { vendor: '', architecture: '', device: '', description: '' }
const nvidia = adapter({ vendor: 'nvidia', architecture: 'lovelace' })
const swiftShader = adapter({ vendor: 'google', architecture: 'swiftshader' })

function adapter(info: Partial<AdapterFacts['info']>) {
  return webGpuReport({ info: { ...INFO, ...info }, limits: LIMITS, features: ['shader-f16'] })
}

function machine(gpus: readonly string[], webgpu: MachineReport['webgpu'] = []): MachineReport {
  const evidence = {
    cpu: { name: leaf('A CPU', null, '') },
    gpus: gpus.map((name) => ({
      name: leaf(name, null, ''),
      vendor: leaf(name.split(' ')[0], null, ''),
    })),
  }
  return assembleReport([{ evidence, supplements: false }], webgpu, [])
}

function because(report: MachineReport, rest: Partial<VerdictInput> = {}) {
  const answer = verdict({ report, webgpuAsked: true, ...rest })
  return [answer.device, answer.because]
}

test('a card that WebGPU offers trains', () => {
  const report = machine(['NVIDIA GeForce RTX 4090'], [nvidia])
  expect(verdict({ report, webgpuAsked: true })).toEqual({
    device: 'webgpu',
    because: 'discreteGpu',
    params: {
      cpu: 'A CPU',
      gpu: 'NVIDIA GeForce RTX 4090',
      memory: null,
      gpuBandwidth: 1008,
      cpuBandwidth: null,
    },
  })
})

test('each kind of card has its own reason', () => {
  const intel = adapter({ vendor: 'intel', architecture: 'gen-12lp' })
  expect(because(machine(['Intel Iris Xe Graphics'], [intel]))).toEqual(['webgpu', 'integratedGpu'])
  const apple = adapter({ vendor: 'apple', architecture: 'metal-3' })
  expect(because(machine(['Apple M3'], [apple]))).toEqual(['webgpu', 'unifiedGpu'])
  const strange = adapter({ description: 'Some New Thing' })
  expect(because(machine([], [strange]))).toEqual(['webgpu', 'unknownGpu'])
})

test('without a card, or with a pretended one, the CPU trains', () => {
  expect(because(machine([]))).toEqual(['cpu', 'noGpu'])
  expect(because(machine([], [swiftShader]))).toEqual(['cpu', 'softwareOnly'])
  expect(because(machine(['VMware SVGA 3D']))).toEqual(['cpu', 'virtualGpuOnly'])
})

test('a card that WebGPU does not offer does not train, unless nobody asked WebGPU', () => {
  const report = machine(['NVIDIA GeForce RTX 3090'])
  expect(because(report)).toEqual(['cpu', 'gpuWithoutWebGpu'])
  expect(because(report, { webgpuAsked: false })).toEqual(['webgpu', 'discreteGpu'])
  const withSoftware = machine(['NVIDIA GeForce RTX 3090'], [swiftShader])
  expect(because(withSoftware)).toEqual(['cpu', 'gpuWithoutWebGpu'])
})

test('measured speeds decide over what one would expect', () => {
  const report = machine(['NVIDIA GeForce RTX 4090'], [nvidia])
  expect(because(report, { seconds: { cpu: 0.3, webgpu: 0.9 } })).toEqual(['cpu', 'cpuIsFaster'])
  expect(because(report, { seconds: { cpu: 8, webgpu: 0.9 } })).toEqual(['webgpu', 'gpuIsFaster'])
})

test('a buffer beyond the limit of the adapter sends training to the CPU', () => {
  const report = machine(['NVIDIA GeForce RTX 4090'], [nvidia])
  expect(because(report, { largestBuffer: 1024 ** 3 })).toEqual(['cpu', 'doesNotFit'])
})

test('of two cards the one that WebGPU offers is named', () => {
  const report = machine(
    ['NVIDIA GeForce RTX 4060', 'Intel UHD Graphics'],
    [adapter({ vendor: 'intel', architecture: 'gen-12lp' })],
  )
  expect(verdict({ report, webgpuAsked: true }).params).toMatchObject({ gpu: 'Intel UHD Graphics' })
})

test('an adapter says whether it is a CPU in disguise', () => {
  expect(swiftShader.kind.value).toBe('software')
  expect(adapter({ isFallbackAdapter: true }).kind.value).toBe('software')
  expect(adapter({ vendor: 'amd', type: 'discrete GPU' }).kind.value).toBe('discrete')
  expect(
    adapter({ vendor: 'mesa', description: 'llvmpipe', type: 'discrete GPU' }).kind.value,
  ).toBe('software')
  expect(adapter({}).name.value).toBeNull()
  expect(nvidia.features.value).toEqual(['shader-f16'])
})

test('a net that the GPU does not take sends training to the CPU', () => {
  const report = machine(['NVIDIA GeForce RTX 4090'], [nvidia])
  expect(because(report, { refusal: 'it searches along lines' })).toEqual(['cpu', 'refused'])
  expect(because(machine([]), { refusal: 'it searches along lines' })).toEqual(['cpu', 'noGpu'])
})
