import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { i18n } from '../../../renderer/i18n/i18n'
import DevicesPicture from '../../../renderer/machine/DevicesPicture.vue'
import { machine as mac } from '../../electron/probe/machines/apple-m3-max-40'
import { machine as desktop } from '../../electron/probe/machines/rtx-4090-linux'
import { machine as apu } from '../../electron/probe/machines/ryzen-apu-linux'
import type { RecordedMachine } from '../../electron/probe/recorded-host'
import { recordedReport } from './recorded-report'

async function picture(machine: RecordedMachine) {
  const report = await recordedReport(machine)
  const gpuName = report.gpus[0]?.name.value ?? null
  const props = { report, gpuName, trains: 'webgpu' as const }
  return mount(DevicesPicture, { props, global: { plugins: [i18n] } })
}

describe('the picture of CPU and GPU', () => {
  it('gives a card its own memory', async () => {
    const drawn = await picture(desktop)
    expect(drawn.findAll('svg')).toHaveLength(2)
    expect(drawn.text()).toContain('VRAM')
  })

  it('draws one memory between a CPU and a GPU that share it', async () => {
    for (const machine of [mac, apu]) {
      const drawn = await picture(machine)
      expect(drawn.findAll('svg')).toHaveLength(1)
      expect(drawn.findAll('.memory')).toHaveLength(1)
      expect(drawn.text()).not.toContain('VRAM')
      expect(drawn.findAll('.busy')).toHaveLength(0)
    }
    expect((await picture(mac)).text()).toContain('40 cores')
  })
})
