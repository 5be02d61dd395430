import { expect, test } from 'vitest'
import type { Verdict } from '#core/machine/verdict'
import { formatLeaf, formatMachine } from '#core/machine/format-report'
import { probeMachine } from '../../../electron/probe/probe'
import { verdictSentence } from '#core/machine/verdict-sentence'
import { leavesFrom, unknownLeaf } from '#core/machine/measured'
import { machine as desktop } from './machines/rtx-4090-linux'
import { machine as vm } from './machines/vm-without-gpu'
import { recordedHost } from './recorded-host'

const leaf = leavesFrom('test')

test('values carry their units, and unknown is a word', () => {
  expect(formatLeaf(leaf(24 * 1024 ** 3, 'bytes', ''))).toBe('24 GiB')
  expect(formatLeaf(leaf(1.5 * 1024 ** 2, 'bytes', ''))).toBe('1.5 MiB')
  expect(formatLeaf(leaf(0, 'bytes', ''))).toBe('0 bytes')
  expect(formatLeaf(leaf(1008.096, 'GB/s', ''))).toBe('1008.1 GB/s')
  expect(formatLeaf(leaf(true, null, ''))).toBe('yes')
  expect(formatLeaf(leaf(['CUDA', 'Vulkan 1.3'], null, ''))).toBe('CUDA, Vulkan 1.3')
  expect(formatLeaf(unknownLeaf('MHz'))).toBe('unknown')
})

test('a report shows the derivation of the bandwidth and ends with the verdict', async () => {
  const text = formatMachine(await probeMachine({ host: recordedHost(desktop) }))
  expect(text).toContain('10501 MHz x 2 x 384 bit / 8 = 1008.1 GB/s')
  expect(text).toContain(
    'You will most likely train on the GPU (NVIDIA GeForce RTX 4090): it has memory of its own, 1008 GB/s against 96 GB/s of the CPU.',
  )
})

test('a machine without a GPU says so', async () => {
  const text = formatMachine(await probeMachine({ host: recordedHost(vm) }))
  expect(text).toContain('GPU\n  none found')
  expect(text).toContain('You will train on the CPU (AMD EPYC): no GPU was found.')
})

test('every verdict is a sentence', () => {
  const cpu = null
  const gpu = 'A card'
  const speeds = { cpu, gpu, gpuSeconds: 0.93, cpuSeconds: 12.4 }
  const facts = { cpu, gpu, memory: null, gpuBandwidth: null, cpuBandwidth: null }
  const verdicts: readonly Verdict[] = [
    { device: 'cpu', because: 'virtualGpuOnly', params: { cpu, gpu } },
    { device: 'cpu', because: 'softwareOnly', params: { cpu, adapter: 'SwiftShader' } },
    { device: 'cpu', because: 'gpuWithoutWebGpu', params: { cpu, gpu } },
    { device: 'cpu', because: 'doesNotFit', params: { cpu, gpu, needed: 2 ** 30, limit: 2 ** 28 } },
    { device: 'cpu', because: 'cpuIsFaster', params: speeds },
    { device: 'webgpu', because: 'gpuIsFaster', params: speeds },
    { device: 'webgpu', because: 'unifiedGpu', params: facts },
    { device: 'webgpu', because: 'integratedGpu', params: facts },
    { device: 'webgpu', because: 'unknownGpu', params: facts },
  ]
  for (const verdict of verdicts) {
    const place = verdict.device === 'cpu' ? 'CPU (this processor)' : 'GPU (A card)'
    expect(verdictSentence(verdict)).toMatch(/^You (will|will most likely|may) train on the .*\.$/)
    expect(verdictSentence(verdict)).toContain(place)
    expect(verdictSentence(verdict)).not.toMatch(/null|NaN|undefined/)
  }
  const faster = verdictSentence({ device: 'webgpu', because: 'gpuIsFaster', params: speeds })
  expect(faster).toContain('0.9 s there and 12 s on the CPU')
})
