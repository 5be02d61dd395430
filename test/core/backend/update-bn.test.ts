import { describe, expect, test } from 'vitest'
import type { Backend, SessionState } from '#core/backend/backend'
import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import { createTrainer, type Trainer } from '#core/training/trainer'
import { readGolden } from '../../golden'
import { readMnist } from '../../mnist'
import { specOf } from './trace'

interface Tensor {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

interface Numbers {
  readonly loss: number
  /** Running statistics of the trained net and, after update_bn, of the averaged one. */
  readonly trained: Readonly<Record<string, Tensor>>
  readonly averaged: Readonly<Record<string, Tensor>>
}

interface Case {
  readonly name: string
  readonly spec: unknown
  readonly float32: Numbers
  readonly float64: Numbers
}

/** SGD runs in the CPU backend's kernels, the other optimizers in the definitions of core/optim. */
const { cases } = readGolden('update-bn') as { readonly cases: readonly Case[] }
const { train, ...mnist } = readMnist()
/** The golden losses are of the first 200 training images. */
const dataset = { ...mnist, train, test: { ...train, count: 200 } }

async function trainerOf(spec: unknown, backend: Backend, resume?: Trainer): Promise<Trainer> {
  return createTrainer({
    spec: specOf(spec),
    dataset,
    backend,
    clock: () => 0,
    onEvent: () => undefined,
    ...(resume !== undefined && { resume: await resume.checkpoint() }),
  })
}

/** Largest distance of any value, under `prefix` in the state. */
function worst(
  { tensors }: SessionState,
  prefix: string,
  expected: Readonly<Record<string, Tensor>>,
): number {
  const apart = Object.entries(expected).flatMap(([name, { data }]) => {
    const found = tensors.get(`${prefix}${name}`)?.data
    return data.map((value, i) => Math.abs((found?.[i] ?? NaN) - value))
  })
  return Math.max(...apart)
}

describe.each([
  ['the reference', 'float64', () => Promise.resolve(referenceBackend), 1e-9],
  ['the CPU backend', 'float32', () => createCpuBackend({ threads: 1, relaxedSimd: false }), 2e-5],
] as const)('the averaged net on %s', (_, precision, backendOf, tolerance) => {
  test.each(cases)(
    '$name: has the running statistics and the loss that torch has after update_bn',
    async ({ spec, ...numbers }) => {
      const expected = numbers[precision]
      const trainer = await trainerOf(spec, await backendOf())
      await trainer.run()
      const { testLoss } = await trainer.evaluateTest()
      const { session } = await trainer.checkpoint()
      await trainer.dispose()
      expect(worst(session, '', expected.trained)).toBeLessThan(tolerance)
      expect(worst(session, 'averaged.', expected.averaged)).toBeLessThan(tolerance)
      expect(Math.abs(testLoss - expected.loss)).toBeLessThan(tolerance)
    },
  )
})

test('evaluating the averages changes nothing in the net that trains on', async () => {
  const spec = cases[0]?.spec
  const [watched, undisturbed] = [
    await trainerOf(spec, referenceBackend),
    await trainerOf(spec, referenceBackend),
  ]
  for (const trainer of [watched, undisturbed]) await trainer.takeEpoch()
  await watched.evaluateTest()
  for (const trainer of [watched, undisturbed]) await trainer.run()
  const [a, b] = [await watched.checkpoint(), await undisturbed.checkpoint()]
  expect(a.session.tensors.size).toBe(b.session.tensors.size)
  for (const [name, { data }] of b.session.tensors)
    expect([...(a.session.tensors.get(name)?.data ?? [])], name).toEqual([...data])
})

test('a checkpoint keeps the statistics of the averages it holds, and drops older ones', async () => {
  const trainer = await trainerOf(cases[0]?.spec, referenceBackend)
  await trainer.takeEpoch()
  await trainer.evaluateTest()
  const fresh = (await trainer.checkpoint()).session.tensors
  expect(fresh.has('averaged.1.running_mean')).toBe(true)
  const again = await trainerOf(cases[0]?.spec, referenceBackend, trainer)
  expect([...(await again.checkpoint()).session.tensors.keys()]).toEqual([...fresh.keys()])
  await again.takeStep()
  expect((await again.checkpoint()).session.tensors.has('averaged.1.running_mean')).toBe(false)
})
