import type { Page } from '@playwright/test'
import { expect, test } from './served-workbench'

// A trace records every frame and the whole page at every movement: that would be most of what is measured.
test.use({ locale: 'en-US', trace: 'off' })

const MOVES = 40

/**
 * Listens to the pen and to the bars, and returns what to ask for the milliseconds between each movement of the pen and the first
 * change of a bar behind it. A bar that changed because training went on may come earlier: hence the median.
 */
async function watchPenAndBars(page: Page): Promise<(name: string) => Promise<number[]>> {
  await page.evaluate(() => {
    let last = performance.now()
    const onFrame = (): void => {
      const now = performance.now()
      performance.measure('frame', { start: last, end: now })
      last = now
      requestAnimationFrame(onFrame)
    }
    requestAnimationFrame(onFrame)
    const pad = document.querySelector('[data-testid="pad"]')
    let pen: number | null = null
    // The first that the page hears of a movement; `pointermove` waits for the next frame.
    pad?.addEventListener(
      'pointerrawupdate',
      (event) => {
        pen ??= event.timeStamp
      },
      { capture: true },
    )
    new MutationObserver(() => {
      if (pen === null) return
      performance.measure('pen to bar', { start: pen, end: performance.now() })
      pen = null
    }).observe(document.body, {
      attributes: true,
      subtree: true,
      attributeFilter: ['aria-valuenow'],
    })
  })
  return (name) =>
    page.evaluate(
      (kind) =>
        performance
          .getEntriesByName(kind)
          .map(({ duration }) => duration)
          .sort((a, b) => a - b),
      name,
    )
}

function at(share: number, sorted: readonly number[]): string {
  return (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(1)
}

test('bars follow the pen while training runs, and the time that takes is printed', async ({
  page,
  workbench,
}) => {
  test.setTimeout(240_000)
  await page.goto(workbench.url)
  const epochs = page.getByRole('textbox', { name: 'epochs' })
  await epochs.fill('200')
  await epochs.press('Enter')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  const progress = page.getByRole('status', { name: 'Progress' })
  await expect(progress).toHaveText(/batch\s*[1-9]/, { timeout: 60_000 })
  const box = await page.getByTestId('pad').boundingBox()
  if (box === null) throw new Error('the pad is not on the page')
  const durations = await watchPenAndBars(page)
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.2)
  await page.mouse.down()
  for (let i = 1; i <= MOVES; i++) {
    const share = i / MOVES
    const x = box.x + box.width * (0.3 + 0.4 * Math.min(1, share * 1.5))
    await page.mouse.move(x, box.y + box.height * (0.2 + 0.6 * share))
    await page.waitForTimeout(90)
  }
  await page.mouse.up()
  const waits = await durations('pen to bar')
  const frames = await durations('frame')
  expect(waits.length).toBeGreaterThan(MOVES / 4)
  await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible()
  console.log(
    `from pen to bar while training: median ${at(0.5, waits)} ms, nine of ten ${at(0.9, waits)} ms (${waits.length} movements); a frame of the page takes ${at(0.5, frames)} ms`,
  )
})
