import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { presetById } from '#core/spec/presets'
import type { RunSpecInput } from '#core/spec/run-spec'
import { channelMessageSchema } from '../../../electron/trainer/channel-clients'
import { RunStore } from '../../../electron/store/run-store'
import { readMnist } from '../../mnist'
import { ensureBuilt } from '../command-line'
import { TestWindow } from '../window'

const MILLISECONDS = 60_000
const script = fileURLToPath(new URL('../../../out/main/trainer.js', import.meta.url))

let folder: string
let child: ChildProcess
let windows: Map<string, TestWindow>

beforeAll(ensureBuilt, 2 * MILLISECONDS)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainer-'))
  child = launch()
})

afterEach(async () => {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit')
    child.disconnect()
    await ended
  }
  await rm(folder, { recursive: true })
})

function launch(): ChildProcess {
  const env = { ...process.env, GRADIENT_WORKBENCH_DATA: folder, GRADIENT_WORKBENCH_RUNS: '' }
  windows = new Map()
  return fork(script, { env }).on('message', (raw) => {
    const { client, data } = channelMessageSchema.parse(raw)
    if (data !== undefined) windows.get(client)?.accept(data)
  })
}

function openWindow(name: string): TestWindow {
  const window = new TestWindow((data) => child.send({ client: name, data }))
  windows.set(name, window)
  child.send({ client: name })
  return window
}

function small(changes: Partial<RunSpecInput> = {}): RunSpecInput {
  return {
    ...presetById('starter'),
    model: {
      layers: [
        { type: 'Linear', outFeatures: 16 },
        { type: 'ReLU' },
        { type: 'Linear', outFeatures: 10 },
      ],
    },
    dataset: { trainSize: 2000 },
    training: { epochs: 3 },
    device: 'reference',
    ...changes,
  }
}

it(
  'says who it is, and reads drawings before anything was trained',
  { timeout: MILLISECONDS },
  async () => {
    const { trainer } = openWindow('a')
    expect(await trainer.hello({})).toMatchObject({
      host: 'serve',
      dataset: { name: 'mnist', train: 60_000, test: 10_000 },
      runsFolder: join(folder, 'runs'),
    })
    const { images, labels } = readMnist().test
    const answer = await trainer.predict({
      pixels: [...images.subarray(0, 784)],
      model: 'bundled',
      activations: true,
    })
    expect(answer.digit).toBe(labels[0])
    expect(answer.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5)
    expect(answer.activations.length).toBeGreaterThan(0)
    expect(answer.model).toMatch(/^bundled 784-128-10, 9\d\.\d %$/)
  },
)

it(
  'pauses, shows a second window where it stands, and trains on to the end',
  { timeout: MILLISECONDS },
  async () => {
    const first = openWindow('a')
    const { header } = await first.trainer.startRun({ spec: small() })
    await first.event('steps')
    await first.trainer.pauseRun({})
    await first.event('state', ({ state }) => state.phase === 'paused')

    const second = openWindow('b')
    const { run } = await second.trainer.snapshot({})
    expect(run).toMatchObject({
      header: { id: header.id, device: 'reference' },
      state: { phase: 'paused' },
    })
    const told = first.events.flatMap((event) => (event.type === 'steps' ? event.losses : []))
    expect(run?.series.losses).toHaveLength(told.length)
    expect(run?.progress.step).toBe(told.length)

    await second.trainer.stepRun({})
    expect((await second.trainer.snapshot({})).run?.progress.step).toBe(told.length + 1)
    await second.trainer.resumeRun({})
    for (const window of [first, second]) {
      await window.event('test')
      await window.event('state', ({ state }) => state.phase === 'finished')
    }
    const { listing, epochs } = await second.trainer.readRun({ id: header.id })
    expect(listing).toMatchObject({ status: 'finished', epochs: 3 })
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3])
  },
)

it('tells every step exactly once and in order', { timeout: MILLISECONDS }, async () => {
  const window = openWindow('a')
  await window.trainer.startRun({ spec: small() })
  await window.event('state', ({ state }) => state.phase === 'finished')
  const steps = window.events.flatMap((event) =>
    event.type === 'steps' ? event.losses.map((_, i) => event.firstStep + i) : [],
  )
  expect(steps).toEqual(Array.from({ length: 96 }, (_, i) => i + 1))
})

it('answers while a long step is being computed', { timeout: MILLISECONDS }, async () => {
  const window = openWindow('a')
  const training = { epochs: 1, batchSize: 'full' } as const
  await window.trainer.startRun({ spec: small({ training, dataset: { trainSize: 20_000 } }) })
  await window.event('state', ({ state }) => state.phase === 'running')
  await window.trainer.snapshot({})
  await window.trainer.listRuns({})
  expect(window.events.some(({ type }) => type === 'steps')).toBe(false)
  await window.event('steps')
})

it(
  'refuses what does not fit its schema, with a reason, and goes on',
  { timeout: MILLISECONDS },
  async () => {
    const window = openWindow('a')
    await expect(
      window.trainer.images({ set: 'test', start: 0, count: 1000 }),
    ).rejects.toMatchObject({ message: expect.stringContaining('count') as string })
    await expect(window.trainer.readRun({ id: '../../etc' })).rejects.toMatchObject({
      message: expect.stringContaining('id') as string,
    })
    await expect(window.trainer.resumeRun({})).rejects.toMatchObject({
      message: 'No run is open: start one first',
    })
    for (const junk of [
      'no json',
      'null',
      '{"t":"q","i":"1","m":"constructor","a":[]}',
      '{"t":"q"}',
    ])
      child.send({ client: 'a', data: junk })
    child.send({ nonsense: true })
    const batch = await window.trainer.images({ set: 'test', start: 9_999, count: 2 })
    expect(batch.labels).toHaveLength(1)
    expect(Buffer.from(batch.pixels, 'base64')).toHaveLength(784)
  },
)

it('keeps the workspace', { timeout: MILLISECONDS }, async () => {
  const { trainer } = openWindow('a')
  expect(await trainer.loadWorkspace({})).toEqual({ document: null })
  await trainer.saveWorkspace({ document: { version: 1, zoom: 2 } })
  expect(await trainer.loadWorkspace({})).toEqual({ document: { version: 1, zoom: 2 } })
  expect(JSON.parse(await readFile(join(folder, 'workspace.json'), 'utf8'))).toEqual({
    version: 1,
    zoom: 2,
  })
})

it(
  'starting a run stops the one that was open, with a checkpoint',
  { timeout: MILLISECONDS },
  async () => {
    const window = openWindow('a')
    const training = { epochs: 100 }
    const { header: first } = await window.trainer.startRun({ spec: small({ training }) })
    const { header: second } = await window.trainer.startRun({ spec: small(), paused: true })
    const listings = await window.trainer.listRuns({})
    expect(
      new Map(listings.map(({ id, status, resumable }) => [id, { status, resumable }])),
    ).toEqual(
      new Map([
        [first.id, { status: 'stopped', resumable: true }],
        [second.id, { status: 'paused', resumable: false }],
      ]),
    )
  },
)

it(
  'when its parent goes away, it writes a checkpoint and ends',
  { timeout: MILLISECONDS },
  async () => {
    const window = openWindow('a')
    const { header } = await window.trainer.startRun({ spec: small({ training: { epochs: 100 } }) })
    await window.event('steps')
    const ended = once(child, 'exit')
    child.disconnect()
    expect((await ended)[0]).toBe(0)

    child = launch()
    const next = openWindow('a')
    expect(await next.trainer.listRuns({})).toMatchObject([{ id: header.id, status: 'stopped' }])
    const reopened = await next.trainer.reopenRun({ id: header.id })
    expect(reopened.state).toEqual({ phase: 'paused' })
    expect(reopened.progress.step).toBeGreaterThan(0)
    expect(reopened.series.steps.at(-1)).toBe(reopened.progress.step)
  },
)

it(
  'a finished run opens finished, with its test result, also in a new process',
  { timeout: MILLISECONDS },
  async () => {
    const window = openWindow('a')
    const spec = small({ training: { epochs: 1 } })
    const { header } = await window.trainer.startRun({ spec })
    const { record } = await window.event('test')
    await window.event('state', ({ state }) => state.phase === 'finished')
    const [listed] = await window.trainer.listRuns({})
    const ended = once(child, 'exit')
    child.disconnect()
    await ended

    child = launch()
    const next = openWindow('a')
    const reopened = await next.trainer.reopenRun({ id: header.id })
    expect(reopened).toMatchObject({ state: { phase: 'finished' }, test: record })
    expect(reopened.series.losses).toHaveLength(32)
    await next.trainer.resumeRun({})
    expect((await next.trainer.snapshot({})).run?.state).toEqual({ phase: 'finished' })
    expect(await next.trainer.listRuns({})).toEqual([listed])
  },
)

it(
  'a stopped run stays stopped where one only looks, and is paused where one resumes',
  { timeout: MILLISECONDS },
  async () => {
    const { trainer } = openWindow('a')
    const { header } = await trainer.startRun({ spec: small(), paused: true })
    await trainer.stepRun({})
    await trainer.stopRun({})
    await trainer.startRun({ spec: small(), paused: true })
    const { id } = header
    expect((await trainer.reopenRun({ id, resume: false })).state).toEqual({ phase: 'stopped' })
    const resumed = await trainer.reopenRun({ id })
    expect(resumed.state).toEqual({ phase: 'paused' })
    expect(resumed.progress.step).toBe(1)
  },
)

/** A parent that starts a run and is killed as soon as steps come. */
const doomedParent = `
  const child = require('node:child_process').fork(process.argv[1])
  const ask = { t: 'q', i: '1', m: 'startRun', a: [JSON.parse(process.argv[2])] }
  child.on('message', ({ data }) => {
    if (data?.includes('"steps"')) process.kill(process.pid, 'SIGKILL')
  })
  child.send({ client: 'a', data: JSON.stringify(ask) })
`

it(
  'when its parent is killed while it sends, it does not crash but ends with a checkpoint',
  { timeout: MILLISECONDS },
  async () => {
    const ask = JSON.stringify({ spec: small({ training: { epochs: 100 } }) })
    const env = { ...process.env, GRADIENT_WORKBENCH_DATA: folder, GRADIENT_WORKBENCH_RUNS: '' }
    await once(spawn(process.execPath, ['-e', doomedParent, script, ask], { env }), 'exit')
    const store = new RunStore(join(folder, 'runs'), () => undefined)
    await expect
      .poll(async () => (await store.list()).map(({ status }) => status), { timeout: 30_000 })
      .toEqual(['stopped'])
  },
)
