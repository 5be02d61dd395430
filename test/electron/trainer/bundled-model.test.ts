import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { prepareDrawing } from '#core/data/drawing'
import type { Ink } from '#core/data/ink'
import { argmax } from '#core/nn/accuracy'
import { loadBundledModel, type BundledModel } from '../../../electron/trainer/bundled-model'
import { readMnist } from '../../mnist'

const dataset = readMnist()
const count = 500
const path = fileURLToPath(
  new URL('../../../electron/trainer/assets/bundled.safetensors', import.meta.url),
)

function digitAt(image: number): Uint8Array {
  return dataset.test.images.subarray(image * 784, (image + 1) * 784)
}

/** The digit as a drawing ten times as large: each pixel a square of ten by ten. */
function enlarged(digit: Uint8Array): Ink {
  const values = new Uint8Array(280 * 280)
  for (let y = 0; y < 280; y++)
    for (let x = 0; x < 280; x++)
      values[y * 280 + x] = digit[Math.floor(y / 10) * 28 + Math.floor(x / 10)] ?? 0
  return { values, width: 280, height: 280 }
}

/** Share of the images, 784 bytes each, that the model reads right. */
async function accuracyOn(model: BundledModel, pixels: Uint8Array): Promise<number> {
  const { probabilities } = await model.predict({ pixels, count, activations: false })
  let right = 0
  for (let image = 0; image < count; image++)
    if (argmax(probabilities, image * 10, 10) === dataset.test.labels[image]) right++
  return right / count
}

test('the model that ships reads redrawn digits as well as the originals, within half a point', async () => {
  const model = await loadBundledModel(path, dataset)
  const redrawn = new Uint8Array(count * 784)
  for (let image = 0; image < count; image++) {
    const drawing = prepareDrawing(enlarged(digitAt(image)))
    if (drawing.kind === 'empty') throw new Error(`digit ${image} came back empty`)
    redrawn.set(drawing.image28, image * 784)
  }
  const original = await accuracyOn(model, dataset.test.images.slice(0, count * 784))
  const throughThePad = await accuracyOn(model, redrawn)
  expect(original).toBeGreaterThan(0.96)
  expect(Math.abs(throughThePad - original)).toBeLessThanOrEqual(0.005)
})
