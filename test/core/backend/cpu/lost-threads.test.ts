import type { ResourceLimits } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import { deviceProblem } from '#core/backend/device-problem'
import { SessionLostError } from '#core/backend/remote-session'
import { bytesOf, randomDataset, sessionOf, specOf, trained, withoutDrift } from './cpu-run'
import { targets } from './relaxed'
import { threadSpawner } from './test-threads'

const spawn = await threadSpawner()
const relaxedSimd = targets.some(({ relaxed }) => relaxed)
const dataset = randomDataset(0.2)
const spec = specOf({ model: withoutDrift, training: { batchSize: 37 } })
const alone = await trained(await createCpuBackend({ threads: 1, relaxedSimd }), spec, dataset, 400)

/** Three threads, of which the first one that starts does `first` before its own work. */
function withOneBad(first: string, limits: ResourceLimits = {}) {
  const preludes = [first]
  const spawnThread = () => spawn(preludes.pop(), limits)
  return createCpuBackend({ threads: 3, relaxedSimd, spawnThread })
}

/** Code that does `death` as soon as the thread has taken its fifth part. */
function afterFiveParts(death: string): string {
  return `
    const take = Atomics.compareExchange
    let parts = 0
    Atomics.compareExchange = (words, at, before, after) => {
      const found = take(words, at, before, after)
      if (found === before && ++parts === 5) { ${death} }
      return found
    }`
}

test.each([
  ['exits', 'process.exit(7)'],
  ['throws', "throw new Error('broken')"],
  ['runs out of memory', 'for (const held = []; ; ) held.push(new Array(1e5).fill(0.5))'],
])(
  'a helper that %s with its part half done ends the run; the next one trains',
  async (_, death) => {
    const backend = await withOneBad(afterFiveParts(death), { maxOldGenerationSizeMb: 24 })
    const run = trained(backend, spec, dataset, 400)
    await expect(run).rejects.toThrow(new SessionLostError(deviceProblem('helperEnded', {})))
    const next = await trained(backend, spec, dataset, 400)
    expect(next.losses).toEqual(alone.losses)
  },
)

test.each([
  ['exits', 'process.exit(7)', deviceProblem('threadEnded', { code: 7 })],
  ['throws', "throw new Error('broken')", deviceProblem('threadFailed', { reason: 'broken' })],
])(
  'a helper that %s before it is ready: there is no session, and the next one trains',
  async (_, death, reason) => {
    const backend = await withOneBad(death)
    await expect(sessionOf(backend, spec, dataset)).rejects.toThrow(new SessionLostError(reason))
    const next = await trained(backend, spec, dataset, 400)
    expect(next.losses).toEqual(alone.losses)
  },
)

test('a helper that is gone between two steps is not missed, and replaced in the next session', async () => {
  const backend = await withOneBad('Atomics.wait = () => process.exit(7)')
  const first = await trained(backend, spec, dataset, 400)
  const second = await trained(backend, spec, dataset, 400)
  expect(first.losses).toEqual(alone.losses)
  expect(bytesOf(first.state)).toEqual(bytesOf(alone.state))
  expect(second.losses).toEqual(alone.losses)
})
