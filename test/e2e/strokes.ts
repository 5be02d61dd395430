import type { Locator, Page } from '@playwright/test'

/** Strokes of a hand, in the pad's own 280 x 280 pixels. */
type Stroke = readonly (readonly [x: number, y: number])[]

const circle = (cx: number, cy: number, rx: number, ry: number): Stroke =>
  Array.from({ length: 33 }, (_, i) => {
    const angle = -Math.PI / 2 - (i / 32) * 2 * Math.PI
    return [cx + rx * Math.cos(angle), cy + ry * Math.sin(angle)] as const
  })

export const digits: Readonly<Record<7 | 1 | 0, readonly Stroke[]>> = {
  7: [
    [
      [72, 70],
      [110, 66],
      [160, 64],
      [206, 62],
      [190, 100],
      [168, 148],
      [148, 196],
      [136, 232],
    ],
  ],
  1: [
    [
      [152, 44],
      [148, 92],
      [143, 140],
      [138, 188],
      [134, 236],
    ],
  ],
  0: [circle(140, 140, 62, 88)],
}

/** Draws with real pointer events. */
export async function draw(page: Page, pad: Locator, strokes: readonly Stroke[]): Promise<void> {
  const box = await pad.boundingBox()
  if (box === null) throw new Error('the pad is not on the page')
  const at = ([x, y]: readonly [number, number]) =>
    [box.x + (x / 280) * box.width, box.y + (y / 280) * box.height] as const
  for (const stroke of strokes) {
    const [first, ...rest] = stroke
    if (first === undefined) continue
    await page.mouse.move(...at(first))
    await page.mouse.down()
    for (const point of rest) await page.mouse.move(...at(point), { steps: 4 })
    await page.mouse.up()
  }
}
