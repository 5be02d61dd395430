import type { Page } from '@playwright/test'
import { expect, test } from './served-workbench'

/** The longest names in the smallest window, in Chinese, where every argument has two lines: all of them can be read. */
test.use({ locale: 'zh-CN', viewport: { width: 1024, height: 700 } })

/**
 * Texts of the page that are cut at the right by what holds them, and fields narrower than their value. Left out: icons whose
 * words are for screen readers, and the sentence in the top bar, which stands in full at its field.
 */
function cutTexts(): string[] {
  const spared = '.narrow, .hidden-label, .progress, svg'
  const cut: string[] = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement
    if (holder === null || !holder.checkVisibility() || holder.closest(spared) !== null) continue
    const range = document.createRange()
    range.selectNodeContents(walker.currentNode)
    const lines = [...range.getClientRects()]
    for (let box: Element | null = holder; box !== null; box = box.parentElement) {
      const { overflowX } = getComputedStyle(box)
      if (overflowX === 'auto' || overflowX === 'scroll') break
      const edge = box.getBoundingClientRect()
      const isCut = lines.some(({ right, top }) => right > edge.right + 1 && top < edge.bottom - 2)
      if (overflowX !== 'visible' && isCut) {
        cut.push(holder.textContent.trim())
        break
      }
    }
  }
  for (const field of document.querySelectorAll('input'))
    if (field.checkVisibility() && field.scrollWidth > field.clientWidth + 1)
      cut.push(`${field.getAttribute('aria-label') ?? ''} ${field.value}`)
  return cut
}

async function everyOption(page: Page, name: string, details: string | null = null) {
  const box = page.getByRole('combobox', { name }).first()
  await box.click()
  const count = await page.getByRole('option').count()
  expect(count).toBeGreaterThan(10)
  await page.keyboard.press('Escape')
  for (let at = 0; at < count; at++) {
    await box.click()
    await page.getByRole('option').nth(at).click()
    if (details !== null) await page.getByRole('button', { name: details }).click()
    expect(await page.evaluate(cutTexts), (await box.textContent()) ?? '').toEqual([])
    if (details !== null) await page.keyboard.press('Escape')
  }
}

test('no text is cut with any optimizer, scheduler, loss, activation or layer', async ({
  page,
  workbench,
}) => {
  await page.goto(workbench.url)
  await expect(page.getByRole('region', { name: '梯度健康' }).first()).toContainText('梯度处于')
  for (const fold of await page.locator('.fold .line').all()) await fold.click()
  await everyOption(page, '优化器')
  await everyOption(page, '学习率调度')
  await everyOption(page, '激活函数')
  await everyOption(page, '损失', '损失的全部参数')
  const add = page.getByRole('button', { name: '添加层', exact: true })
  await add.click()
  const kinds = await page.getByRole('menuitem').count()
  await page.keyboard.press('Escape')
  for (let at = 0; at < kinds; at++) {
    await add.click()
    await page.getByRole('menuitem').nth(at).click()
  }
  const cards = page.locator('[data-card]')
  for (const card of await cards.all()) {
    await card.hover()
    await card.getByRole('button', { name: '全部参数', exact: true }).click()
    expect(await page.evaluate(cutTexts)).toEqual([])
    await page.keyboard.press('Escape')
  }
})
