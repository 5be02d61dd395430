import { describe, expect, it } from 'vitest'
import type { DeviceDecision } from '#core/contract/device-reason'
import { i18n } from '../../../renderer/i18n/i18n'
import { spokenVerdict } from '../../../renderer/machine/spoken-verdict'
import { machine as apple } from '../../electron/probe/machines/apple-m2-pro'
import { machine as desktop } from '../../electron/probe/machines/rtx-4090-linux'
import { machine as virtualBox } from '../../electron/probe/machines/virtualbox-linux'
import { machine as vm } from '../../electron/probe/machines/vm-without-gpu'
import { recordedReport } from './recorded-report'

const cpu = { device: 'cpu', available: true, description: 'WebAssembly' } as const
const without = [cpu, { device: 'webgpu', available: false, description: 'not yet' }] as const
const withGpu = [cpu, { device: 'webgpu', available: true, description: 'WebGPU' }] as const

describe('the sentence', () => {
  it('says CPU where there is no card', async () => {
    const spoken = spokenVerdict(await recordedReport(vm), without, 'this processor')
    expect(spoken).toMatchObject({ device: 'cpu', because: 'noGpu', gpu: null })
    const { t } = i18n.global
    expect(t(`machine.verdict.${spoken.because}`, spoken.params)).toMatch(
      /^You will train on the CPU: .+, because this machine has no graphics card\.$/,
    )
  })

  it('does not promise a card that the trainer cannot use', async () => {
    const report = await recordedReport(desktop)
    const spoken = spokenVerdict(report, without, 'this processor')
    expect(spoken).toMatchObject({ device: 'cpu', because: 'gpuNotUsed' })
    expect(spoken.params['gpu']).toContain('4090')
  })

  it('names the card where the trainer can use it', async () => {
    expect(spokenVerdict(await recordedReport(desktop), withGpu, '')).toMatchObject({
      device: 'webgpu',
      because: 'discreteGpu',
    })
    expect(spokenVerdict(await recordedReport(apple), withGpu, '')).toMatchObject({
      device: 'webgpu',
      because: 'unifiedGpu',
    })
  })

  it('does not take the display of a virtual machine for a card', async () => {
    expect(spokenVerdict(await recordedReport(virtualBox), without, '')).toMatchObject({
      device: 'cpu',
      because: 'virtualGpuOnly',
    })
  })

  it('is what the trainer has decided, once it has', async () => {
    const report = await recordedReport(desktop)
    const say = (decision: DeviceDecision, locale: 'en' | 'zh-CN' = 'en') => {
      const net = { decision, stepsPerEpoch: 938 }
      const spoken = spokenVerdict(report, withGpu, '', net)
      const text = i18n.global.t(`machine.verdict.${spoken.because}`, spoken.params, { locale })
      return { ...spoken, text }
    }
    const rates = { gpuStepsPerSecond: 9380, cpuStepsPerSecond: 938 }
    const gpu = 'a card'
    const trains = { state: 'trains' } as const
    const faster = say({ ...trains, device: 'webgpu', why: { kind: 'gpu-faster', gpu, ...rates } })
    expect(faster.device).toBe('webgpu')
    expect(faster.text).toBe(
      'You will train on the GPU: NVIDIA GeForce RTX 4090, because an epoch takes about 0.10 s there and 1.0 s on the CPU.',
    )
    const decisions: readonly (readonly [DeviceDecision, string, string])[] = [
      [
        { ...trains, device: 'cpu', why: { kind: 'cpu-faster', gpu, ...rates } },
        'cpu',
        '1.0 s there',
      ],
      [
        { ...trains, device: 'cpu', why: { kind: 'software-gpu', gpu: 'llvmpipe' } },
        'cpu',
        'imitates',
      ],
      [
        { ...trains, device: 'cpu', why: { kind: 'cpu-only', reason: 'too large' } },
        'cpu',
        'too large',
      ],
      [{ ...trains, device: 'cpu', why: { kind: 'no-gpu', reason: '' } }, 'cpu', 'cannot use it'],
      [{ ...trains, device: 'cpu', why: { kind: 'asked' } }, 'cpu', 'asks for it'],
      [{ ...trains, device: 'reference', why: { kind: 'asked' } }, 'cpu', 'float64'],
      [{ ...trains, device: 'webgpu', why: { kind: 'asked' } }, 'webgpu', 'asks for it'],
      [{ state: 'refused', device: 'webgpu', reason: 'no driver' }, 'webgpu', '(no driver)'],
    ]
    for (const [decision, device, words] of decisions) {
      expect(say(decision).device).toBe(device)
      expect(say(decision).text).toContain(words)
      expect(say(decision, 'zh-CN').text).not.toMatch(/[{}]|undefined/)
    }
  })
})
