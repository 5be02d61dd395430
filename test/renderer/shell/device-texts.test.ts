import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { deviceProblem } from '#core/backend/device-problem'
import { i18n, setLocale } from '../../../renderer/i18n/i18n'
import type { NoticeEntry } from '../../../renderer/run/trainer-store'
import NoticeStack from '../../../renderer/shell/NoticeStack.vue'

function said(notice: NoticeEntry['notice']): string {
  const notices = [{ id: 1, level: 'warning', notice }] as const
  const stack = mount(NoticeStack, { props: { notices }, global: { plugins: [i18n] } })
  return stack.get('p').text()
}

const lost = {
  kind: 'device-changed',
  from: 'webgpu',
  to: 'webgpu',
  step: 4120,
  lostAt: 4200,
  reason: deviceProblem('gpuProcessEnded', { reason: 'crashed', code: 139 }),
} as const

const refused = {
  kind: 'request-failed',
  reason: deviceProblem('noMemory', {
    needed: 900,
    what: deviceProblem('arena', {}),
    reason: 'VK_ERROR_OUT_OF_DEVICE_MEMORY',
  }),
} as const

afterEach(() => {
  setLocale('en')
})

describe('what a person hears of a GPU', () => {
  it('tells from which step a run goes on after its device was lost, and where', () => {
    expect(said(lost)).toBe(
      'WebGPU was lost after step 4200 (the GPU process ended (crashed, exit code 139)). Training goes on from step 4120 on a new device; nothing but time is lost.',
    )
    expect(said({ ...lost, to: 'cpu' })).toContain('goes on from step 4120 on CPU')
  })

  it('is Chinese in a Chinese window, but for what the driver says', () => {
    setLocale('zh-CN')
    expect(said(lost)).toContain('训练从第 4120 步起在新的设备上继续')
    expect(said(lost)).toContain('GPU 进程已结束（crashed，退出码 139）')
    expect(said({ ...lost, reason: 'Device was destroyed.' })).toContain('Device was destroyed.')
    expect(said(refused)).toBe(
      'GPU 没有 900 MB 显存来存放参数与激活值：VK_ERROR_OUT_OF_DEVICE_MEMORY；请减小网络或批大小，或改用 CPU',
    )
  })

  it('begins like a sentence', () => {
    expect(said(refused)).toMatch(/^The GPU has no 900 MB for the parameters and activations/)
  })
})
