import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import { augmentSchema } from '#core/spec/dataset'
import { suggestRate, usualRangeTest } from '#core/optim/range-test'
import { presetById } from '#core/spec/presets'
import { sweepRates } from '#core/training/rate-sweep'
import { runSpecSchema } from '#core/spec/run-spec'
import { previewAugment } from '../../../electron/trainer/augment-preview'
import { compareWithTorch, readParityCases } from '../../../electron/trainer/parity'
import { readMnist } from '../../mnist'

const mnist = readMnist()
const backend = await createCpuBackend({ threads: 1, relaxedSimd: false })
const parity = fileURLToPath(
  new URL('../../../electron/trainer/assets/parity.json', import.meta.url),
)

it('the bundled parity cases agree with PyTorch on the CPU backend', async () => {
  const { torch, cases } = await readParityCases(parity)
  expect(torch).toMatch(/^2\./)
  expect(cases.length).toBeGreaterThanOrEqual(6)
  for (const golden of cases.slice(0, 3))
    expect(await compareWithTorch(golden, mnist, backend)).toMatchObject({
      name: golden.name,
      steps: golden.losses.length,
      agrees: true,
    })
})

it('a run that differs from PyTorch is said to', async () => {
  const [golden] = (await readParityCases(parity)).cases
  if (golden === undefined) throw new Error('no case')
  const spec = { ...golden.spec, training: { ...golden.spec.training, seed: 7 } }
  const row = await compareWithTorch({ ...golden, spec }, mnist, backend)
  expect(row.agrees).toBe(false)
  expect(row.difference).toBeGreaterThan(1e-3)
})

it('the sweep of the starter proposes a rate of Adam between 1e-4 and 1e-1', async () => {
  const starter = runSpecSchema.parse(presetById('starter'))
  const points = await sweepRates(starter, mnist, backend, usualRangeTest)
  const found = suggestRate(points)
  if (!found.ok) throw new Error(found.error)
  expect(found.value.lr).toBeGreaterThan(1e-4)
  expect(found.value.lr).toBeLessThan(1e-1)
  expect(await sweepRates(starter, mnist, backend, usualRangeTest)).toEqual(points)
})

it('a sweep goes on over the ends of short epochs', async () => {
  const spec = runSpecSchema.parse({ ...presetById('starter'), dataset: { trainSize: 300 } })
  const points = await sweepRates(spec, mnist, backend, { from: 1e-6, to: 1e-4, steps: 23 })
  expect(points).toHaveLength(23)
})

it('the augmentation preview shows the images before and after, and nothing without distortion', () => {
  const none = { augment: augmentSchema.parse({}), seed: 1, epoch: 0, indices: [0, 5, 1e9] }
  const still = previewAugment(mnist.train, none)
  expect(still.labels).toEqual([mnist.train.labels[0], mnist.train.labels[5]])
  expect(still.after).toBe(still.before)
  const moved = previewAugment(mnist.train, { ...none, augment: augmentSchema.parse({ shift: 3 }) })
  expect(moved.before).toBe(still.before)
  expect(moved.after).not.toBe(still.before)
})
