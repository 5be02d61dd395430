import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { digits, draw } from './strokes'
import { expect, test } from './served-workbench'

test.use({ locale: 'en-US' })

test('trains the starter for two epochs on all of MNIST and passes 95 %', async ({
  page,
  workbench,
}) => {
  test.setTimeout(600_000)
  await page.goto(workbench.url)
  const epochs = page.getByRole('textbox', { name: 'epochs' })
  await epochs.fill('2')
  await epochs.press('Enter')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.getByText(/epoch 2\/2/)).toBeVisible({ timeout: 300_000 })
  const result = page.getByText(/test [\d.]+\s*%/)
  await expect(result.first()).toBeVisible({ timeout: 300_000 })
  const accuracy = Number(/([\d.]+)\s*%/.exec((await result.first().textContent()) ?? '')?.[1])
  expect(accuracy).toBeGreaterThan(95)
})

test('a run outlives a reload of the page: paused, reloaded, resumed', async ({
  page,
  workbench,
}) => {
  test.setTimeout(300_000)
  await page.goto(workbench.url)
  const progress = page.getByRole('status', { name: 'Progress' })
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(progress).toHaveText(/batch\s*[1-9]/, { timeout: 60_000 })
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible()
  const where = async () => /epoch.*batch\s*\d+/.exec((await progress.textContent()) ?? '')?.[0]
  const before = await where()
  expect(before).toBeDefined()
  await page.reload()
  await expect.poll(where).toBe(before)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect.poll(where).not.toBe(before)
})

test('recognises a 7, a 1 and a 0 that are drawn with the pointer, before anything was trained', async ({
  page,
  workbench,
}) => {
  await page.goto(workbench.url)
  const pad = page.getByTestId('pad')
  const answer = page.getByTestId('answer')
  await expect(answer).toHaveText('–')
  for (const digit of [7, 1, 0] as const) {
    await draw(page, pad, digits[digit])
    await expect(answer).toHaveText(String(digit))
    const bar = page.getByTestId(`prob-${digit}`)
    expect(Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(0.5)
    await page.getByRole('button', { name: 'Clear', exact: true }).click()
    await expect(answer).toHaveText('–')
  }
})

test('a bad project file is refused with a reason, and the open project stays', async ({
  page,
  workbench,
}) => {
  await page.goto(workbench.url)
  const units = page.getByRole('textbox', { name: 'units' }).first()
  await units.fill('77')
  await units.press('Enter')
  const bad = join(workbench.folder, 'bad.json')
  writeFileSync(bad, JSON.stringify({ version: 1, model: { layers: [{ type: 'Linear' }] } }))
  await page.keyboard.press('Escape')
  const chooser = page.waitForEvent('filechooser')
  await page.keyboard.press('Control+o')
  await (await chooser).setFiles(bad)
  await expect(page.getByText(/model\.layers\.0\.outFeatures/).first()).toBeVisible()
  await expect(units).toHaveValue('77')
})

test('speaks Chinese and English, switched live', async ({ page, workbench }) => {
  await page.goto(workbench.url)
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible()
  await page.getByRole('button', { name: /language/i }).click()
  await expect(page.getByRole('button', { name: '运行', exact: true })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('lang', /zh/)
})
