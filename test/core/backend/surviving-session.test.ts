import { expect, test } from 'vitest'
import type { Backend, Session } from '#core/backend/backend'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import { SessionLostError } from '#core/backend/remote-session'
import type { DeviceLoss } from '#core/backend/survival'
import { SurvivingBackend } from '#core/backend/surviving-backend'
import { createTrainer } from '#core/training/trainer'
import { smallDataset } from './small-dataset'
import { specOf, traceOf } from './trace'

const dataset = smallDataset()
const spec = specOf({
  version: 1,
  dataset: { trainSize: 300, valSize: 40, augment: {} },
  model: {
    inFeatures: 783,
    layers: [
      { type: 'Linear', outFeatures: 7 },
      { type: 'BatchNorm1d' },
      { type: 'ReLU' },
      { type: 'Dropout', p: 0.3 },
      { type: 'Linear', outFeatures: 10 },
    ],
  },
  optimizer: { type: 'Adam', lr: 0.01 },
  training: { epochs: 3, batchSize: 13, seed: 5, averaging: { type: 'EMA' } },
})

/** The reference on a device that is lost at the calls that `dies` names, counted from 1 over all its sessions. */
class Mortal implements Backend {
  readonly device = 'webgpu'
  readonly description = 'mortal'
  calls = 0
  opened = 0

  private readonly dies: (call: number) => boolean

  constructor(dies: (call: number) => boolean) {
    this.dies = dies
  }

  async createSession(setup: Parameters<Backend['createSession']>[0]): Promise<Session> {
    this.opened += 1
    const session = await referenceBackend.createSession(setup)
    let dead = false
    const mortal =
      <A, R>(act: (argument: A) => Promise<R>) =>
      async (argument: A): Promise<R> => {
        dead ||= this.dies(++this.calls)
        if (dead) throw new SessionLostError(`lost at call ${this.calls}`)
        return act(argument)
      }
    return {
      run: mortal((block) => session.run(block)),
      evaluate: mortal((request) => session.evaluate(request)),
      predict: mortal((request) => session.predict(request)),
      exportState: () => mortal(() => session.exportState())(null),
      importState: mortal((state) => session.importState(state)),
      dispose: () => session.dispose(),
    }
  }
}

function surviving(mortal: Backend, next: (losses: number) => Backend, keepMilliseconds = 5000) {
  const losses: DeviceLoss[] = []
  const inARow: number[] = []
  let now = 0
  const backend = new SurvivingBackend(mortal, {
    next: (count) => {
      inARow.push(count)
      return Promise.resolve(next(count))
    },
    onLoss: (loss) => losses.push(loss),
    clock: () => (now += 1),
    keepMilliseconds,
  })
  return { backend, losses, inARow }
}

test.each([
  ['a state kept after each block', 1],
  ['no state kept but those of the checkpoints', Infinity],
])(
  'a run whose device is lost again and again ends with the same bits, with %s',
  async (_, keep) => {
    const mortal = new Mortal((call) => call % 31 === 0)
    const { backend, losses } = surviving(mortal, () => mortal, keep)
    const found = await traceOf(spec, dataset, backend, 60)
    expect(losses.length).toBeGreaterThan(1)
    expect(mortal.opened).toBe(losses.length + 1)
    expect(found).toEqual(await traceOf(spec, dataset, referenceBackend, 60))
  },
)

test('a loss tells from which step the run goes on, and why', async () => {
  const mortal = new Mortal((call) => call === 6)
  const { backend, losses } = surviving(mortal, () => mortal)
  const trainer = await createTrainer({
    spec,
    dataset,
    backend,
    clock: () => 0,
    onEvent: () => undefined,
  })
  await trainer.takeStep()
  await trainer.takeStep()
  await trainer.checkpoint()
  await trainer.takeStep()
  await trainer.takeStep()
  await trainer.takeStep()
  expect(losses).toEqual([
    { from: 'webgpu', to: 'webgpu', step: 2, lostAt: 4, reason: 'lost at call 6' },
  ])
})

test('losses are counted until a state is kept; then the next place is another device', async () => {
  const mortal = new Mortal((call) => call > 3)
  const { backend, losses, inARow } = surviving(mortal, (count) =>
    count < 3 ? mortal : { ...referenceBackend, device: 'cpu' },
  )
  const found = await traceOf(spec, dataset, backend)
  expect(inARow).toEqual([1, 2, 3])
  expect(losses.map(({ to }) => to)).toEqual(['cpu'])
  expect(backend.device).toBe('cpu')
  expect(found).toEqual(await traceOf(spec, dataset, referenceBackend))
})

test('where there is nowhere to go, the run fails as a lost device does', async () => {
  const { backend } = surviving(new Mortal((call) => call === 5), () => {
    throw new Error('no other device')
  })
  const trainer = await createTrainer({
    spec,
    dataset,
    backend,
    clock: () => 0,
    onEvent: () => undefined,
  })
  expect(await trainer.run()).toEqual({
    phase: 'failed',
    reason: { kind: 'device', device: 'webgpu', message: 'lost at call 5; then: no other device' },
  })
})

test('a drawing that is predicted while the device is lost is answered by the next one', async () => {
  const mortal = new Mortal((call) => call === 3)
  const { backend, losses } = surviving(mortal, () => mortal)
  const trainer = await createTrainer({
    spec,
    dataset,
    backend,
    clock: () => 0,
    onEvent: () => undefined,
  })
  const pixels = dataset.test.images.subarray(0, 783)
  const ask = () => trainer.predict({ pixels, count: 1, activations: false })
  await trainer.takeStep()
  const [first, second] = await Promise.all([ask(), ask(), trainer.takeStep()])
  expect(losses).toHaveLength(1)
  expect(first).toEqual(second)
})
