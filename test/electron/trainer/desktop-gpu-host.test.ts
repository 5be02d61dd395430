/** The trainer's side of the desktop's GPU host; at the other end of the port stands a session of the reference. */
import { EventEmitter } from 'node:events'
import { beforeEach, expect, test, vi } from 'vitest'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import { RemoteBackend, serveSession, SessionLostError } from '#core/backend/remote-session'
import type { MainNews } from '#core/contract/desktop'
import type { GpuNews } from '#core/contract/gpu-host'
import { createTrainer } from '#core/training/trainer'
import { desktopGpuHost } from '../../../electron/trainer/desktop-gpu-host'
import type { GpuHost, GpuLine } from '../../../electron/trainer/gpu-host'
import type { UtilityPort } from '../../../electron/trainer/utility-parent'
import { smallDataset } from '../../core/backend/small-dataset'
import { specOf, traceOf } from '../../core/backend/trace'
import { PortDouble } from '../electron-double/port'
import { gpuInfo } from './gpu/gpu-info'

const spec = specOf({
  version: 1,
  dataset: { trainSize: 300 },
  model: { inFeatures: 783, layers: [{ type: 'Linear', outFeatures: 10 }] },
  training: { epochs: 2, batchSize: 50 },
})

/** Main, as a utility process sees it. */
class Parent extends EventEmitter {
  readonly asked: unknown[] = []

  postMessage(message: unknown): void {
    this.asked.push(message)
  }

  tell(data: MainNews, ports: readonly UtilityPort[] = []): void {
    this.emit('message', { data, ports })
  }
}

let parent: Parent
let host: GpuHost
let tiles: Map<string, string>

beforeEach(() => {
  parent = new Parent()
  tiles = new Map([['known', '4x4']])
  host = desktopGpuHost(parent, {
    all: () => Object.fromEntries(tiles),
    set: (key, value) => tiles.set(key, value),
  })
})

test('a session in the window gives the same run as one at hand, with a data set in shared memory', async () => {
  const { line } = await opened()
  const shared = smallDataset()
  const images = new Uint8Array(new SharedArrayBuffer(shared.train.images.length))
  images.set(shared.train.images)
  const dataset = { ...shared, train: { ...shared.train, images } }
  const remote = new RemoteBackend('webgpu', line.info.description, line.port)
  expect(await traceOf(spec, dataset, remote)).toEqual(
    await traceOf(spec, smallDataset(), referenceBackend),
  )
})

test('the window is told what is known of tiles, and what it measures is kept', async () => {
  const { far, heard } = await opened()
  expect(heard[0]).toEqual({ type: 'gpu-open', tiles: { known: '4x4' } })
  say(far, { type: 'gpu-tile', key: 'new', value: '4x8' })
  await vi.waitFor(() => {
    expect(tiles.get('new')).toBe('4x8')
  })
})

test.each([
  ['main has no window', 'no window'],
  ['there is no GPU', 'no GPU'],
])('when %s the reason comes back', async (_what, reason) => {
  const opening = host.open()
  if (reason === 'no window') parent.tell({ type: 'gpu-refused', id: lastId(), reason })
  else say(bring(), { type: 'gpu-refused', reason })
  expect(await opening).toEqual({ ok: false, error: reason })
})

test.each([
  [
    'the window says that its device is lost',
    (far: PortDouble) => {
      say(far, { type: 'gpu-lost', reason: 'unplugged' })
    },
    'unplugged',
  ],
  [
    'main says that the window is gone, and the port closes before that',
    (far: PortDouble) => {
      far.close()
      queueMicrotask(() => {
        parent.tell({ type: 'gpu-gone', reason: 'crashed' })
      })
    },
    'crashed',
  ],
  [
    'the port closes and nobody says why',
    (far: PortDouble) => {
      far.close()
    },
    'the process that computes on the GPU ended',
  ],
])('when %s, the run fails with the reason', async (_what, lose, reason) => {
  const { line, far } = await opened()
  const trainer = await createTrainer({
    spec,
    dataset: smallDataset(),
    backend: new RemoteBackend('webgpu', '', line.port),
    clock: () => 0,
    onEvent: ({ type }) => {
      if (type === 'epoch') lose(far)
    },
  })
  expect(await trainer.run()).toEqual({
    phase: 'failed',
    reason: { kind: 'device', device: 'webgpu', message: reason },
  })
  await expect(trainer.checkpoint()).rejects.toThrow(SessionLostError)
})

test('a line that is closed gives its device back; another one stays', async () => {
  const first = await opened()
  const second = await opened()
  const closed = new Promise<void>((resolve) => first.far.on('close', resolve))
  await first.line.close()
  await closed
  expect(first.heard.at(-1)).toEqual({ type: 'gpu-close' })
  expect(second.heard).toHaveLength(1)
})

function lastId(): number {
  // Whatever the host asks is a request for a port.
  return (parent.asked.at(-1) as { id: number }).id
}

/** Answers the host's request for a port; returns the window's end. */
function bring(): PortDouble {
  const [near, far] = PortDouble.pair()
  parent.tell({ type: 'gpu-port', id: lastId() }, [near])
  far.start()
  return far
}

function say(far: PortDouble, news: GpuNews): void {
  far.postMessage(news)
}

/** A line whose window answers with the reference. `heard`: what it was told besides calls. */
async function opened(): Promise<{ line: GpuLine; far: PortDouble; heard: unknown[] }> {
  const heard: unknown[] = []
  const opening = host.open()
  const far = bring()
  const calls: ((call: unknown) => void)[] = []
  far.on('message', ({ data }: { data: object }) => {
    if ('type' in data) heard.push(data)
    else for (const call of calls) call(data)
  })
  serveSession(
    {
      postMessage: (message) => {
        far.postMessage(message)
      },
      onMessage: (listener) => calls.push(listener),
      onClose: () => undefined,
    },
    Promise.resolve(referenceBackend),
  )
  say(far, { type: 'gpu-ready', info: gpuInfo })
  const line = await opening
  if (!line.ok) throw new Error(line.error)
  return { line: line.value, far, heard }
}
