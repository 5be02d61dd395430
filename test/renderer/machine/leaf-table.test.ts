import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { applyOverrides } from '#core/machine/override'
import { i18n } from '../../../renderer/i18n/i18n'
import LeafTable from '../../../renderer/machine/LeafTable.vue'
import { machine as desktop } from '../../electron/probe/machines/rtx-4090-linux'
import { machine as vm } from '../../electron/probe/machines/vm-without-gpu'
import { recordedReport } from './recorded-report'

const global = { plugins: [i18n] }

describe('the table of values', () => {
  it('writes out how the bandwidth of a card was computed', async () => {
    const [gpu] = (await recordedReport(desktop)).gpus
    if (gpu === undefined) throw new Error('the recorded machine has a card')
    const table = mount(LeafTable, { props: { report: gpu }, global })
    expect(table.text()).toContain('10501 MHz x 2 x 384 bit / 8 = 1008.1 GB/s')
  })

  it('shows a correction as one, what it contradicts, and lets it be taken back', async () => {
    const found = await recordedReport(vm)
    const { cpu } = applyOverrides(found, [{ path: 'cpu/threads', value: 64 }])
    const table = mount(LeafTable, { props: { report: cpu, correctable: true }, global })
    expect(table.text()).toContain('set by you')
    expect(table.text()).toContain(`says ${found.cpu.threads.value ?? '?'}`)
    await table.get('[aria-label^="Take the correction back"]').trigger('click')
    expect(table.emitted('correct')).toEqual([['threads', null]])
  })

  it('takes a correction that makes sense, and says why it takes no other', async () => {
    const { memory } = await recordedReport(vm)
    const table = mount(LeafTable, { props: { report: memory, correctable: true }, global })
    await table.get('[aria-label="Correct: speed"]').trigger('click')
    await table.get('input').setValue('fast')
    await table.get('form').trigger('submit')
    expect(table.get('[role=alert]').text()).toBe('A number above 0.')
    await table.get('input').setValue('5600')
    await table.get('form').trigger('submit')
    expect(table.emitted('correct')).toEqual([['speed', 5600]])
  })
})
