import { expect, test } from 'vitest'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import type { TrainerCheckpoint } from '#core/training/checkpoint'
import type { TrainerSignal } from '#core/training/signal'
import { looksUntil } from '#core/training/next-block'
import { createTrainer } from '#core/training/trainer'
import type { TrainerOptions } from '#core/training/trainer-options'
import { smallDataset } from '../backend/small-dataset'
import { specOf } from '../backend/trace'

const dataset = smallDataset()

function document(more: { training?: object; dataset?: object; [key: string]: unknown } = {}) {
  return specOf({
    version: 1,
    name: 'small',
    model: {
      inFeatures: 783,
      layers: [
        { type: 'Linear', outFeatures: 7 },
        { type: 'Tanh' },
        { type: 'Linear', outFeatures: 10 },
      ],
    },
    optimizer: { type: 'Adam', lr: 0.01 },
    ...more,
    dataset: { trainSize: 300, valSize: 50, ...more.dataset },
    training: { epochs: 3, batchSize: 13, seed: 4, ...more.training },
  })
}

/** A trainer whose clock a test turns, and all that it said. */
async function setUp(spec = document(), more: Partial<TrainerOptions> = {}) {
  const signals: TrainerSignal[] = []
  let now = 0
  const trainer = await createTrainer({
    spec,
    dataset,
    backend: referenceBackend,
    clock: () => (now += 1),
    onEvent: (signal) => {
      signals.push(signal)
    },
    ...more,
  })
  const of = <T extends TrainerSignal['type']>(type: T) =>
    signals.filter((signal): signal is Extract<TrainerSignal, { type: T }> => signal.type === type)
  return { trainer, of }
}

test('runs all epochs, records each, and evaluates the test set at the end', async () => {
  const { trainer, of } = await setUp()
  expect(trainer.state).toEqual({ phase: 'idle' })
  expect(await trainer.run()).toEqual({ phase: 'finished' })
  expect(of('epoch').map(({ record }) => [record.epoch, record.step])).toEqual([
    [1, 20],
    [2, 40],
    [3, 60],
  ])
  expect(of('steps').flatMap(({ losses }) => losses)).toHaveLength(60)
  expect(of('test')).toHaveLength(1)
  expect(of('test')[0]?.record.confusion.reduce((a, b) => a + b, 0)).toBe(101)
  expect(of('epoch').at(-1)?.record.trainLoss).toBeLessThan(of('epoch')[0]?.record.trainLoss ?? 0)
})

test('the epoch loss is the mean over its images, the ragged last batch included', async () => {
  const { trainer, of } = await setUp(document({ training: { epochs: 1 } }))
  await trainer.run()
  const losses = of('steps').flatMap(({ losses }) => losses)
  const sizes = losses.map((_, i) => (i === 19 ? 250 - 19 * 13 : 13))
  const mean = losses.reduce((sum, loss, i) => sum + loss * (sizes[i] ?? 0), 0) / 250
  expect(of('epoch')[0]?.record.trainLoss).toBeCloseTo(mean, 12)
})

test('step takes one optimizer step and epoch goes to the end of the epoch, then both pause', async () => {
  const { trainer, of } = await setUp()
  expect(await trainer.takeStep()).toEqual({ phase: 'paused' })
  expect(trainer.progress).toMatchObject({ epoch: 0, batch: 1, step: 1, batches: 20 })
  expect(await trainer.takeEpoch()).toEqual({ phase: 'paused' })
  expect(trainer.progress).toMatchObject({ epoch: 1, batch: 0, step: 20 })
  expect(of('epoch')).toHaveLength(1)
})

test('pausing keeps the optimizer state, and the weights do not depend on pauses', async () => {
  const whole = await setUp()
  await whole.trainer.run()
  const paused = await setUp(document(), {
    blockMilliseconds: 2,
    onEvent: (signal) => {
      if (signal.type === 'steps') void paused.trainer.pause()
    },
  })
  let pauses = 0
  while ((await paused.trainer.run()).phase === 'paused') pauses += 1
  expect(pauses).toBeGreaterThan(10)
  expect((await paused.trainer.checkpoint()).session).toEqual(
    (await whole.trainer.checkpoint()).session,
  )
})

test('a run that goes on from a checkpoint inside an epoch ends with the same weights', async () => {
  const spec = document({
    scheduler: { type: 'OneCycleLR', maxLr: 0.05 },
    training: { averaging: { type: 'EMA', decay: 0.9 } },
  })
  const whole = await setUp(spec)
  await whole.trainer.run()
  const first = await setUp(spec)
  for (let step = 0; step < 27; step++) await first.trainer.takeStep()
  const saved = structuredClone(await first.trainer.checkpoint())
  const position = JSON.parse(JSON.stringify(saved.position)) as TrainerCheckpoint['position']
  const second = await setUp(spec, { resume: { session: saved.session, position } })
  expect(second.trainer.state).toEqual({ phase: 'paused' })
  await second.trainer.run()
  expect((await second.trainer.checkpoint()).session).toEqual(
    (await whole.trainer.checkpoint()).session,
  )
  expect(second.of('epoch').at(-1)?.record).toMatchObject({
    trainLoss: whole.of('epoch').at(-1)?.record.trainLoss,
  })
})

test('stopping writes a last checkpoint and ends the run for good', async () => {
  const { trainer, of } = await setUp()
  await trainer.takeStep()
  expect(await trainer.stop()).toEqual({ phase: 'stopped' })
  expect(of('checkpoint').at(-1)).toMatchObject({ final: true })
  expect(await trainer.run()).toEqual({ phase: 'stopped' })
  expect(trainer.progress.step).toBe(1)
})

test('numbers that break end the run and name the layer and the step', async () => {
  const { trainer, of } = await setUp(
    document({
      optimizer: { type: 'SGD', lr: 1e300 },
      model: {
        inFeatures: 783,
        layers: [
          { type: 'Linear', outFeatures: 7 },
          { type: 'ReLU' },
          { type: 'Linear', outFeatures: 10 },
        ],
      },
    }),
  )
  const state = await trainer.run()
  expect(state).toMatchObject({
    phase: 'failed',
    reason: { kind: 'diverged', layerType: 'Linear', step: expect.any(Number) as number },
  })
  expect(of('test')).toHaveLength(0)
})

test('early stopping restores the best epoch and says so', async () => {
  const spec = document({
    optimizer: { type: 'SGD', lr: 30 },
    training: { epochs: 50, earlyStopping: { patience: 2 } },
  })
  const { trainer, of } = await setUp(spec)
  const checkpoints: TrainerCheckpoint[] = []
  expect(await trainer.run()).toEqual({ phase: 'finished' })
  for (const { checkpoint, best } of of('checkpoint')) if (best) checkpoints.push(checkpoint)
  expect(of('epoch').length).toBeLessThan(50)
  const notice = of('notice').at(-1)?.notice
  expect(notice).toMatchObject({ kind: 'early-stopping', monitor: 'valLoss' })
  expect((await trainer.checkpoint()).session).toEqual(checkpoints.at(-1)?.session)
})

test('a checkpoint inside an epoch is written when its time has come', async () => {
  const { trainer, of } = await setUp(document({ training: { epochs: 1 } }), {
    checkpointMilliseconds: 10,
    blockMilliseconds: 2,
  })
  await trainer.run()
  const inside = of('checkpoint').filter(({ checkpoint }) => checkpoint.position.batch > 0)
  expect(inside.length).toBeGreaterThan(1)
})

test('a layer report comes at the first step and at the steps that were asked for', async () => {
  const { trainer, of } = await setUp(document({ training: { epochs: 1, diagnoseEvery: 6 } }))
  await trainer.run()
  expect(of('layers').map(({ step }) => step)).toEqual([1, 6, 12, 18])
  expect(of('layers').map(({ step }) => looksUntil(6, step))).toEqual([1, 2, 3, 4])
  const each = await setUp(document({ training: { epochs: 1, diagnoseEvery: 1 } }))
  await each.trainer.run()
  expect(
    each
      .of('layers')
      .map(({ step }) => looksUntil(1, step))
      .slice(0, 3),
  ).toEqual([1, 2, 3])
  expect(of('layers')[0]?.reports.map(({ layer }) => layer)).toEqual(['0', '1', '2'])
})

test('asking for more images than there are is refused before anything starts', async () => {
  await expect(setUp(document({ dataset: { trainSize: 301 } }))).rejects.toThrow(/301.*300/)
})
