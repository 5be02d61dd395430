import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { presetById } from '#core/spec/presets'
import type { TrainerCheckpoint } from '#core/training/checkpoint'
import { describeEnvironment } from '../../../electron/store/environment'
import type { RunFolder } from '../../../electron/store/run-folder'
import { RunStore } from '../../../electron/store/run-store'

const spec = presetById('starter')
const environment = describeEnvironment(
  {
    workbench: '0.1.0',
    device: 'cpu',
    deviceReason: 'asked for',
    backend: 'test',
    dataset: { name: 'mnist', hash: 'x' },
    parameters: 1,
  },
  new Date(2026, 10, 23, 10, 15, 0),
)

function checkpointAt(step: number): TrainerCheckpoint {
  const data = Float64Array.of(step, Math.PI)
  return {
    session: {
      tensors: new Map([['0.weight', { shape: [1, 2], data }]]),
      numbers: { 'optimizer.step': step },
    },
    position: {
      epoch: 0,
      batch: step,
      step,
      generator: { words: [1, 2], index: 0, spareNormal: null },
      sums: { loss: 1, hits: 2, images: 3, seconds: 4 },
      schedule: null,
      best: null,
      badEpochs: 0,
    },
  }
}

let folder: string
let store: RunStore
let open: RunFolder[]

async function create(): Promise<RunFolder> {
  const run = await store.create(spec, environment)
  open.push(run)
  return run
}

/** As if the process had been killed: nothing is flushed, the lock stays, its owner is gone. */
async function crash(run: RunFolder): Promise<void> {
  await run.close()
  open = open.filter((other) => other !== run)
  const lock = { pid: 2 ** 22 + 1, host: hostname(), phase: 'running' }
  await writeFile(join(run.path, 'lock.json'), JSON.stringify(lock))
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'runs-'))
  store = new RunStore(folder, (error) => {
    throw error
  })
  open = []
})

afterEach(async () => {
  for (const run of open) await run.close()
  await rm(folder, { recursive: true })
})

const steps = { type: 'steps', first: 1, losses: [3, 2], accuracies: [0, 1], lrs: [1, 1] } as const

describe('a run on disk', () => {
  it('keeps what was asked and where it ran', async () => {
    const run = await create()
    expect(run.id).toBe('2026-11-23-101500-mlp-784-128-10-adam')
    expect(JSON.parse(await readFile(join(run.path, 'spec.json'), 'utf8'))).toEqual(spec)
    expect(JSON.parse(await readFile(join(run.path, 'environment.json'), 'utf8'))).toMatchObject({
      device: 'cpu',
      dataset: { name: 'mnist' },
    })
  })

  it('two runs of the same second have different folders', async () => {
    const ids = [(await create()).id, (await create()).id]
    expect(new Set(ids).size).toBe(2)
  })

  it('a checkpoint comes back bit for bit, and no temporary file stays', async () => {
    const run = await create()
    await run.saveCheckpoint(checkpointAt(7), true)
    expect(await store.checkpoint(run.id)).toEqual({ ok: true, value: checkpointAt(7) })
    expect(await store.checkpoint(run.id, 'best')).toEqual({ ok: true, value: checkpointAt(7) })
    expect((await readdir(join(run.path, 'checkpoints'))).sort()).toEqual([
      'best.safetensors',
      'last.safetensors',
    ])
  })

  it('a damaged checkpoint is a message that names the run', async () => {
    const run = await create()
    await run.saveCheckpoint(checkpointAt(7), false)
    await writeFile(join(run.path, 'checkpoints', 'last.safetensors'), 'no checkpoint')
    const checkpoint = await store.checkpoint(run.id)
    expect(checkpoint).toMatchObject({ ok: false })
    if (!checkpoint.ok) expect(checkpoint.error).toContain(run.id)
  })
})

describe('the run list', () => {
  it('shows a run that this process has open as paused, and as running while it trains', async () => {
    const run = await create()
    await run.setPhase('running')
    expect((await store.list())[0]?.status).toBe('running')
    await run.setPhase('paused')
    expect((await store.list())[0]).toMatchObject({
      id: run.id,
      status: 'paused',
      resumable: false,
    })
  })

  it('recognises a crashed run by its missing summary and half-written last line', async () => {
    const run = await create()
    run.record(steps)
    await run.saveCheckpoint(checkpointAt(2), false)
    await crash(run)
    await appendFile(join(run.path, 'metrics.jsonl'), '{"type":"steps","fir')
    expect(await store.list()).toMatchObject([
      { id: run.id, status: 'crashed', lastLoss: 2, resumable: true },
    ])
  })

  it('shows how a run ended', async () => {
    const run = await create()
    await run.finish({
      status: 'finished',
      reason: null,
      device: 'cpu',
      epochs: 1,
      steps: 2,
      testLoss: 0.1,
      testAccuracy: 0.97,
      seconds: 1,
      ended: '',
    })
    await run.close()
    open = []
    expect(await store.list()).toMatchObject([
      { status: 'finished', testAccuracy: 0.97, resumable: false },
    ])
  })

  it('passes over folders that are no runs', async () => {
    await create()
    await writeFile(join(folder, 'notes.txt'), 'mine')
    expect(await store.list()).toHaveLength(1)
  })
})

describe('resuming', () => {
  it('cuts what was recorded after the checkpoint', async () => {
    const run = await create()
    run.record(steps)
    await run.saveCheckpoint(checkpointAt(1), false)
    run.record({ ...steps, first: 3 })
    await crash(run)
    const resumed = await store.resume(run.id)
    if (!resumed.ok) throw new Error(resumed.error)
    open.push(resumed.value.folder)
    expect(resumed.value.checkpoint.position.step).toBe(1)
    const kept = { ...steps, losses: [3], accuracies: [0], lrs: [1] }
    expect(resumed.value.lines).toEqual([kept])
    expect(await readFile(join(run.path, 'metrics.jsonl'), 'utf8')).toBe(
      `${JSON.stringify(kept)}\n`,
    )
  })

  it('is refused while another process works on the run', async () => {
    const run = await create()
    await run.saveCheckpoint(checkpointAt(1), false)
    expect(await store.resume(run.id)).toMatchObject({ ok: false })
  })

  it('is refused for a run that is not there', async () => {
    expect(await store.resume('no-such-run')).toMatchObject({ ok: false })
  })
})

describe('the trash', () => {
  it('takes a run out of the list and gives it back', async () => {
    const run = await create()
    await run.close()
    open = []
    expect(await store.trash(run.id)).toEqual({ ok: true, value: null })
    expect(await store.list()).toEqual([])
    expect(await store.restore(run.id)).toEqual({ ok: true, value: null })
    expect(await store.list()).toHaveLength(1)
  })

  it('refuses a run that is under way', async () => {
    const run = await create()
    expect(await store.trash(run.id)).toMatchObject({ ok: false })
  })
})
