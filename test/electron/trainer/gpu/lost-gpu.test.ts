/** Runs on the software GPU of plain Node whose device is destroyed under them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { TrainerEvent } from '#core/contract/events'
import type { Notice } from '#core/training/notice'
import { RunStore } from '../../../../electron/store/run-store'
import type { ActiveRun } from '../../../../electron/trainer/active-run'
import { DeviceDesk } from '../../../../electron/trainer/device-desk'
import { startRun } from '../../../../electron/trainer/open-run'
import { smallDataset } from '../../../core/backend/small-dataset'
import { specOf } from '../../../core/backend/trace'
import { ensureBuilt } from '../../command-line'
import { softwareGpu } from '../../software-gpu'
import { TestGpuHost } from './test-gpu-host'

const engineScript = new URL('../../../../out/main/engine.js', import.meta.url)
const software = softwareGpu()
const dataset = smallDataset()
const spec = specOf({
  version: 1,
  device: 'webgpu',
  dataset: { trainSize: 300 },
  model: {
    inFeatures: 783,
    layers: [
      { type: 'Linear', outFeatures: 7 },
      { type: 'ReLU' },
      { type: 'Dropout', p: 0.2 },
      { type: 'Linear', outFeatures: 10 },
    ],
  },
  optimizer: { type: 'Adam', lr: 0.01 },
  training: { epochs: 12, batchSize: 13, seed: 5 },
})

let folder: string
let host: TestGpuHost
let events: TrainerEvent[]
/** Called after each event. */
let watch: () => void

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lost-gpu-'))
  for (const [name, value] of Object.entries(software ?? {})) vi.stubEnv(name, value)
  await ensureBuilt()
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

beforeEach(() => {
  host = new TestGpuHost()
  events = []
  watch = () => undefined
})

describe.skipIf(software === null)('a run on the GPU', () => {
  test('whose device is lost goes on with a new one, and ends with the same bits', async () => {
    const undisturbed = await finished(await opened())
    let lost = false
    watch = () => {
      if (events.at(-1)?.type !== 'epoch' || lost) return
      lost = true
      host.lose()
    }
    const run = await opened()
    expect(await finished(run)).toEqual(undisturbed)
    expect(host.devices).toHaveLength(3)
    const [notice] = losses()
    expect(notice).toMatchObject({ from: 'webgpu', to: 'webgpu' })
    expect(notice?.step).toBeLessThanOrEqual(notice?.lostAt ?? -1)
    expect(run.header).toMatchObject({ device: 'webgpu', why: { kind: 'lost', from: 'webgpu' } })
  })

  test('that loses three devices in a row goes on with the CPU, and says so', async () => {
    let epochs = 0
    const open = host.open.bind(host)
    host.open = async () => {
      const line = await open()
      // From the first loss on no device lives.
      if (epochs > 0) host.lose()
      return line
    }
    watch = () => {
      if (events.at(-1)?.type === 'epoch' && ++epochs === 1) host.lose()
    }
    const run = await opened()
    const ended = await finished(run)
    expect(ended.test).toBeGreaterThan(0.3)
    expect(host.devices).toHaveLength(3)
    expect(losses()).toHaveLength(1)
    expect(losses()[0]).toMatchObject({ from: 'webgpu', to: 'cpu' })
    expect(run.header.device).toBe('cpu')
    const summary: unknown = JSON.parse(await readFile(join(run.path, 'summary.json'), 'utf8'))
    expect(summary).toMatchObject({ status: 'finished', device: 'cpu' })
  })
})

function runHost() {
  return {
    store: new RunStore(folder, (error) => {
      throw error
    }),
    dataset,
    desk: new DeviceDesk({ engineScript, threads: 1, gpu: host }),
    version: 'test',
    send: (event: TrainerEvent) => {
      events.push(event)
      watch()
    },
  }
}

async function opened(): Promise<ActiveRun> {
  const run = await startRun(runHost(), spec)
  if (!run.ok) throw new Error(run.error.message)
  return run.value
}

/** Losses, weights and test accuracy of the whole run. */
async function finished(run: ActiveRun) {
  expect(await run.trainer.run()).toEqual({ phase: 'finished' })
  const { series, test: record } = run.snapshot()
  const weights = await readFile(join(run.path, 'model.safetensors'))
  await run.close()
  return {
    losses: series.losses,
    test: record?.testAccuracy ?? 0,
    weights: weights.toString('base64'),
  }
}

function losses(): readonly Extract<Notice, { kind: 'device-changed' }>[] {
  return events.flatMap((event) =>
    event.type === 'notice' && event.notice.kind === 'device-changed' ? [event.notice] : [],
  )
}
