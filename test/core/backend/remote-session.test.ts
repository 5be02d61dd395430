import { expect, test } from 'vitest'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import {
  RemoteBackend,
  serveSession,
  SessionLostError,
  type Port,
} from '#core/backend/remote-session'
import { createTrainer } from '#core/training/trainer'
import { smallDataset } from './small-dataset'
import { specOf } from './trace'

const dataset = smallDataset()
const spec = specOf({
  version: 1,
  dataset: { trainSize: 300 },
  model: { inFeatures: 783, layers: [{ type: 'Linear', outFeatures: 10 }] },
  training: { epochs: 2, batchSize: 50 },
})

/** Both ends of a line that clones what it carries, and a way to cut it. */
function line(): { near: Port; far: Port; cut: (reason: string) => void } {
  const listeners = { near: [] as ((m: unknown) => void)[], far: [] as ((m: unknown) => void)[] }
  const closers: ((reason: string) => void)[] = []
  let whole = true
  const end = (mine: 'near' | 'far', other: 'near' | 'far'): Port => ({
    postMessage: (message) => {
      const copy: unknown = structuredClone(message)
      queueMicrotask(() => {
        if (whole) for (const listener of listeners[other]) listener(copy)
      })
    },
    onMessage: (listener) => listeners[mine].push(listener),
    onClose: (listener) => closers.push(listener),
  })
  const cut = (reason: string) => {
    whole = false
    for (const closer of closers) closer(reason)
  }
  return { near: end('near', 'far'), far: end('far', 'near'), cut }
}

test('a session behind a port gives the same run as one at hand', async () => {
  const { near, far } = line()
  serveSession(far, Promise.resolve(referenceBackend))
  const remote = new RemoteBackend('reference', 'remote', near)
  const weights = await Promise.all(
    [remote, referenceBackend].map(async (backend) => {
      const trainer = await createTrainer({
        spec,
        dataset,
        backend,
        clock: () => 0,
        onEvent: () => {},
      })
      await trainer.run()
      return (await trainer.checkpoint()).session
    }),
  )
  expect(weights[0]).toEqual(weights[1])
})

test('an error at the far end keeps its name and its words', async () => {
  const { near, far } = line()
  serveSession(far, Promise.resolve(referenceBackend))
  const remote = new RemoteBackend('reference', 'remote', near)
  await expect(
    remote.createSession({ spec, dataset, parameters: new Map() }),
  ).rejects.toMatchObject({
    name: 'StateMismatchError',
    message: expect.stringContaining('0.weight') as string,
  })
})

test('a lost line fails the run as a lost device, and every later call', async () => {
  const { near, far, cut } = line()
  serveSession(far, Promise.resolve(referenceBackend))
  const remote = new RemoteBackend('reference', 'remote', near)
  const trainer = await createTrainer({
    spec,
    dataset,
    backend: remote,
    clock: () => 0,
    onEvent: (signal) => {
      if (signal.type === 'steps') cut('the engine thread ended with code 1')
    },
  })
  expect(await trainer.run()).toEqual({
    phase: 'failed',
    reason: { kind: 'device', device: 'reference', message: 'the engine thread ended with code 1' },
  })
  await expect(trainer.checkpoint()).rejects.toThrow(SessionLostError)
})
