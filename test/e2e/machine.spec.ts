import { expect, test } from './served-workbench'

test.use({ locale: 'zh-CN' })

test('the Machine page says who trains, keeps a correction and speaks Chinese throughout', async ({
  page,
  workbench,
}) => {
  await page.goto(workbench.url)
  // Before the trainer has answered.
  await page.keyboard.press('Control+2')
  const verdict = page.getByTestId('verdict')
  await expect(verdict).toHaveText(/^你将在 (CPU|GPU) 上训练：.+，因为.+。$/, { timeout: 30_000 })
  const sources = page.locator('.leaves .why, .leaves .method')
  for (const text of await sources.allTextContents())
    expect(text).not.toMatch(/\b(the|of|not told|no source|needs)\b/)
  const total = page.getByRole('row', { name: /^总量/ }).first()
  await total.hover()
  await total.getByRole('button', { name: '更正：总量' }).click()
  await page.getByRole('textbox', { name: '总量' }).fill('3 GiB')
  await page.keyboard.press('Enter')
  await expect(total).toContainText('3.0 GiB')
  await page.reload()
  await page.keyboard.press('Control+2')
  await expect(total).toContainText('3.0 GiB', { timeout: 30_000 })
  await expect(total).toContainText('由你设定')
})
