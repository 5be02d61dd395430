import { describe, expect, it } from 'vitest'
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
})
