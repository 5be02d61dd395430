import { mount } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { formatMachine } from '#core/machine/format-report'
import { i18n } from '../../../renderer/i18n/i18n'
import { useReportWords } from '../../../renderer/machine/use-report-words'
import { machine as mac } from '../../electron/probe/machines/apple-m3-max-40'
import { machine as desktop } from '../../electron/probe/machines/rtx-4090-linux'
import { recordedReport } from './recorded-report'

afterEach(() => {
  i18n.global.locale.value = 'en'
})

it('is copied in the language of the page, with the derivation', async () => {
  i18n.global.locale.value = 'zh-CN'
  for (const [machine, sum] of [
    [desktop, '10501 MHz x 2 x 384 bit / 8 = 1008.1 GB/s'],
    [mac, '6400 MT/s x 512 bit / 8 = 409.6 GB/s'],
  ] as const) {
    const text = await copied(machine)
    expect(text).toContain(sum)
    expect(text).toContain('你将训练')
    expect(text).not.toMatch(/\b(unknown|discrete|unified|not told|derived|answered|the)\b/)
  }
})

async function copied(machine: Parameters<typeof recordedReport>[0]): Promise<string> {
  const report = await recordedReport(machine)
  let text = ''
  const page = defineComponent(() => {
    text = formatMachine(report, useReportWords().value, '你将训练')
    return () => h('p')
  })
  mount(page, { global: { plugins: [i18n] } }).unmount()
  return text
}
