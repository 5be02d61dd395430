/** The device menu, and a run on the GPU under `serve`; here, on Chromium's software GPU in plain Node. */
import type { Page } from '@playwright/test'
import { noGpu, softwareGpu } from '../electron/software-gpu'
import { describeFrames, framesOf } from './frames'
import { expect, test } from './served-workbench'

const software = softwareGpu()

test.use({ locale: 'en-US' })

const device = (page: Page) => page.getByRole('combobox', { name: /^(Device|设备)$/ })
const option = (page: Page, name: RegExp) => page.getByRole('option', { name })

test.describe('with a software GPU', () => {
  test.skip(software === null, 'there is no software GPU')
  test.use({ serverEnv: software ?? {} })

  test('auto passes it over and says why; what it cannot train is said beside the device, with a remedy; else it trains', async ({
    page,
    workbench,
  }) => {
    await page.goto(workbench.url)
    await device(page).click()
    await expect(option(page, /^WebGPU/)).toContainText(/SwiftShader.*a software adapter, slower/i)
    await expect(option(page, /^Auto/)).toContainText(/On the CPU: the only adapter, .* as well/)
    await option(page, /^WebGPU/).click()

    await page.getByRole('combobox', { name: 'Optimizer' }).click()
    await option(page, /^LBFGS/).click()
    await expect(page.getByText('LBFGS runs on the CPU only').first()).toBeVisible()
    const run = page.getByRole('button', { name: 'Run', exact: true })
    await expect(run).toBeDisabled()
    await page.getByRole('button', { name: 'language' }).click()
    await expect(page.getByText('LBFGS 只能在 CPU 上运行').first()).toBeVisible()
    await page.getByRole('button', { name: '把设备设为“自动”' }).click()
    await expect(device(page)).toHaveText('自动')
    await page.getByRole('button', { name: '语言' }).click()

    await page.getByRole('combobox', { name: 'Optimizer' }).click()
    await option(page, /^Adam( |$)/).click()
    await device(page).click()
    await option(page, /^WebGPU/).click()
    const idle = await framesOf(page)
    await run.click()
    const progress = page.getByRole('status', { name: 'Progress' })
    await expect(progress).toHaveText(/batch\s*[1-9]/, { timeout: 60_000 })
    const busy = await framesOf(page)
    await expect(progress).toHaveText(/running/)
    await expect(device(page)).toHaveText('WebGPU')
    console.log(
      `frames of the workbench: ${describeFrames(idle)} while nothing runs; ${describeFrames(busy)} while the starter trains on WebGPU`,
    )
    expect(busy.length).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await expect(progress).toHaveText(/stopped/, { timeout: 60_000 })
  })
})

test.describe('without any GPU', () => {
  test.skip(process.platform !== 'linux', 'only on Linux can a GPU be hidden')
  test.use({ serverEnv: noGpu })

  test('the menu says why in both languages, and auto trains on the CPU', async ({
    page,
    workbench,
  }) => {
    await page.goto(workbench.url)
    await device(page).click()
    const gpu = option(page, /^WebGPU/)
    await expect(gpu).toHaveAttribute('aria-disabled', 'true')
    await expect(gpu).toContainText('no GPU driver answers')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'language' }).click()
    await device(page).click()
    await expect(gpu).toContainText('没有 GPU 驱动')
    await expect(option(page, /^自动/)).toContainText('使用 CPU，没有可用的 GPU：没有 GPU 驱动')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '运行', exact: true }).click()
    await expect(device(page)).toHaveText('自动 · CPU')
  })
})
