import type { Locator, Page } from '@playwright/test'
import { expect, test } from './served-workbench'

/** The form of the bench, pressed as a person presses it: what it refuses, proposes, warns of and cures. */
test.use({ locale: 'en-US' })

async function choose(page: Page, box: Locator, option: string) {
  await box.click()
  await page.getByRole('option', { name: new RegExp(`^${option}\\b`) }).click()
}

async function type(field: Locator, text: string) {
  await field.fill(text)
  await field.press('Enter')
}

async function preset(page: Page, name: RegExp) {
  await page.getByRole('button', { name: 'Project menu' }).click()
  await page.getByRole('menuitem', { name }).click()
}

test('warns of Softmax before CrossEntropyLoss and of dropout under LBFGS, and cures both with one click', async ({
  page,
  workbench,
}) => {
  await page.goto(workbench.url)
  const output = page.locator('[data-card]').last()
  const activation = output.getByRole('combobox', { name: 'activation' })
  const alerts = page.getByRole('alert')
  await choose(page, activation, 'Softmax')
  await expect(alerts).toContainText('CrossEntropyLoss expects plain outputs (logits)')
  await alerts.getByRole('button', { name: 'Remove this layer' }).click()
  await expect(activation).toHaveText('none')
  await expect(alerts).toHaveCount(0)

  const run = page.getByRole('button', { name: 'Run', exact: true })
  await type(page.getByRole('textbox', { name: 'dropout' }), '0.5')
  await choose(page, page.getByRole('combobox', { name: 'Optimizer' }), 'LBFGS')
  await alerts.getByRole('button', { name: 'Set to Full' }).click()
  await expect(page.getByRole('radio', { name: 'Full' })).toBeChecked()
  await expect(run).toBeDisabled()
  await expect(page.getByRole('status', { name: 'Progress' })).toContainText(
    'Cannot run yet: 2 Dropout LBFGS evaluates the same loss several times',
  )
  await alerts.getByRole('button', { name: 'Remove this layer' }).click()
  await expect(run).toBeEnabled()

  await output.getByRole('button', { name: 'All arguments of the loss' }).click()
  await type(page.getByRole('textbox', { name: 'weight', exact: true }), '1, 2, 3')
  await expect(alerts.first()).toContainText('needs 10 numbers, one a class; found 3')
  await expect(run).toBeDisabled()
  await type(page.getByRole('textbox', { name: 'weight', exact: true }), '1,1,1,1,1,1,1,1,1,2')
  await expect(alerts).toHaveCount(0)
  await page.keyboard.press('Escape')
  await type(page.getByRole('textbox', { name: 'units' }).first(), '0')
  await expect(alerts).toHaveText('Must be 1 or more.')
})

test('the proposal of the range test is taken, and the schedule shows where the run is', async ({
  page,
  workbench,
}) => {
  await page.goto(workbench.url)
  await page.getByRole('button', { name: /Find lr/ }).click()
  const use = page.getByRole('dialog').getByRole('button', { name: /^Use / })
  await expect(use).toBeVisible({ timeout: 60_000 })
  const proposed = ((await use.textContent()) ?? '').replace('Use ', '').trim()
  await use.click()
  await expect(page.getByRole('textbox', { name: 'lr', exact: true })).toHaveValue(proposed)
  expect(Number(proposed)).toBeGreaterThan(1e-5)

  await choose(page, page.getByRole('combobox', { name: 'Schedule' }), 'OneCycleLR')
  const curve = page.getByRole('img', { name: /^Learning rate over the run/ })
  await expect(curve).not.toHaveAccessibleName(/now/)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(curve).toHaveAccessibleName(/now /, { timeout: 60_000 })
  const first = await curve.getAttribute('aria-label')
  await expect(curve).not.toHaveAccessibleName(first ?? '', { timeout: 60_000 })
})

test('ten sigmoid layers: the profile foresees it, the verdict says it, the remedy cures it', async ({
  page,
  workbench,
}) => {
  await page.goto(workbench.url)
  await preset(page, /vanishing gradient/)
  const health = page.getByRole('region', { name: 'Gradient health' }).first()
  await expect(health).toContainText('Gradients vanish', { timeout: 30_000 })
  await type(page.getByRole('textbox', { name: 'epochs' }), '1')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  const verdict = health.locator('.verdict')
  await expect(verdict).toContainText('The gradient vanishes', { timeout: 60_000 })
  await expect(health.locator('tbody tr')).toHaveCount(21)
  await verdict.getByRole('button', { name: 'Use ReLU and its init' }).click()
  await expect(page.getByRole('combobox', { name: 'activation' }).first()).toHaveText('ReLU')
  await expect(health).toContainText('Gradients stay in a range that trains', { timeout: 30_000 })
  const progress = page.getByRole('status', { name: 'Progress' })
  await expect(progress).toContainText('test 1', { timeout: 60_000 })
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(progress).toHaveText(/test [5-9]\d\.\d+ %/, { timeout: 60_000 })
  await expect(verdict).toHaveCount(0)
})

test('at 1024 x 700, in Chinese, the whole bench is in view and no label is cut', async ({
  page,
  workbench,
}) => {
  await page.setViewportSize({ width: 1024, height: 700 })
  await page.goto(workbench.url)
  await page.getByRole('button', { name: /language/i }).click()
  for (const name of ['网络', '手写', '曲线', '优化器', '梯度健康'])
    await expect(page.getByRole('region', { name, exact: true }).first()).toBeInViewport({
      ratio: 1,
    })
  const cut = await page
    .locator('.field .name')
    .evaluateAll((names) =>
      names.filter((name) => name.scrollWidth > name.clientWidth).map((name) => name.textContent),
    )
  expect(cut).toEqual([])
})

test('the parity check agrees with PyTorch in every case; augmentation shows what an epoch sees', async ({
  page,
  workbench,
}) => {
  await page.goto(workbench.url)
  await page.keyboard.press('Control+6')
  await page.getByRole('button', { name: 'Run the check' }).click()
  await expect(page.getByText(/All \d+ cases agree/)).toBeVisible({ timeout: 120_000 })
  await expect(page.getByRole('row', { name: /hidden layers?, .*agrees/ })).not.toHaveCount(0)
  await page.keyboard.press('Control+3')
  await page.getByRole('switch').first().click()
  await expect(page.getByRole('img', { name: /^Image \d+, label \d, distorted$/ })).toHaveCount(10)
})
