import { beforeAll, expect, test } from 'vitest'
import type { Backend, Block, BlockReport } from '#core/backend/backend'
import { serveSession } from '#core/backend/remote-session'
import { DeviceLimitError } from '#core/backend/webgpu/device-error'
import { describeDeviceReason } from '#core/contract/device-reason'
import { fail, ok } from '#core/tensor/result'
import { DeviceDesk } from '../../../electron/trainer/device-desk'
import type { GpuHost } from '../../../electron/trainer/gpu-host'
import { openRunDevice } from '../../../electron/trainer/run-device'
import { smallDataset } from '../../core/backend/small-dataset'
import { specOf } from '../../core/backend/trace'
import { ensureBuilt } from '../command-line'
import { gpuInfo } from './gpu/gpu-info'
import { portOf } from './gpu/port-of'

const engineScript = new URL('../../../out/main/engine.js', import.meta.url)
const dataset = smallDataset()
const spec = specOf({
  version: 1,
  device: 'auto',
  dataset: { trainSize: 300 },
  model: {
    inFeatures: 783,
    layers: [
      { type: 'Linear', outFeatures: 600 },
      { type: 'ReLU' },
      { type: 'Linear', outFeatures: 10 },
    ],
  },
  training: { epochs: 1, batchSize: 50 },
})

beforeAll(ensureBuilt)

/** A host whose card is a backend in this process. */
class Host implements GpuHost {
  opened = 0
  closed = 0
  private readonly backend: Backend | string
  private readonly software: boolean

  /** backend: why there is none, where it is a text. */
  constructor(backend: Backend | string, software = false) {
    this.backend = backend
    this.software = software
  }

  open(): ReturnType<GpuHost['open']> {
    this.opened += 1
    if (typeof this.backend === 'string') return Promise.resolve(fail(this.backend))
    const { port1, port2 } = new MessageChannel()
    serveSession(portOf(port2), Promise.resolve(this.backend))
    return Promise.resolve(
      ok({
        info: { ...gpuInfo, software: this.software },
        port: portOf(port1),
        close: () => {
          this.closed += 1
          port1.close()
          return Promise.resolve()
        },
      }),
    )
  }
}

/** A card that computes nothing, in the time that `run` takes. */
function withSteps(run: (block: Block) => Promise<BlockReport>): Backend {
  const confusion = new Uint32Array(100)
  return {
    device: 'webgpu',
    description: 'a card',
    createSession: () =>
      Promise.resolve({
        run,
        evaluate: () => Promise.resolve({ loss: 2, count: 1, confusion }),
        predict: () => Promise.resolve({ probabilities: new Float32Array(10), activations: [] }),
        exportState: () => Promise.resolve({ tensors: new Map(), numbers: {} }),
        importState: () => Promise.resolve(),
        dispose: () => Promise.resolve(),
      }),
  }
}

const reportOf = ({ batchEnds }: Block): BlockReport => ({
  losses: new Float64Array(batchEnds.length).fill(2),
  hits: new Uint32Array(batchEnds.length),
  failure: null,
  layers: null,
})

/** Steps that take no time, and steps that take longer than any CPU's. */
const fast = withSteps((block) => Promise.resolve(reportOf(block)))
const slow = withSteps(
  (block) =>
    new Promise((resolve) => {
      setTimeout(() => {
        resolve(reportOf(block))
      }, 60 * block.batchEnds.length)
    }),
)

async function chosen(host: GpuHost, asked = spec, desk = deskOf(host)) {
  const device = await openRunDevice(desk, { spec: asked, dataset, onLoss: () => undefined })
  if (!device.ok) throw new Error(device.error.reason)
  await device.value.close()
  return { device: device.value.backend.device, why: device.value.why }
}

function deskOf(gpu: GpuHost): DeviceDesk {
  return new DeviceDesk({ engineScript, threads: 1, gpu })
}

test('auto takes a GPU that trains the net faster, with the figures, and gives the CPU back', async () => {
  const host = new Host(fast)
  const { device, why } = await chosen(host)
  expect(device).toBe('webgpu')
  if (why.kind !== 'gpu-faster') throw new Error(why.kind)
  expect(why.gpuStepsPerSecond).toBeGreaterThan(why.cpuStepsPerSecond)
  expect(describeDeviceReason(why)).toMatch(/^auto: a card takes [\d,]+ steps\/s, the CPU [\d,]+$/)
  expect([host.opened, host.closed]).toEqual([1, 1])
})

test('auto takes the CPU where the GPU is slower, with the figures, and measures once', async () => {
  const host = new Host(slow)
  const desk = deskOf(host)
  const { device, why } = await chosen(host, spec, desk)
  expect(device).toBe('cpu')
  expect(why.kind).toBe('cpu-faster')
  expect([host.opened, host.closed]).toEqual([1, 1])
  expect((await chosen(host, spec, desk)).why).toEqual(why)
})

test('auto never takes a software adapter, however fast', async () => {
  const host = new Host(fast, true)
  expect(await chosen(host)).toEqual({
    device: 'cpu',
    why: { kind: 'software-gpu', gpu: 'a card' },
  })
  expect([host.opened, host.closed]).toEqual([1, 1])
})

test('where there is no GPU the reason is told, and nobody asks again', async () => {
  const host = new Host('the driver is too old')
  const desk = deskOf(host)
  const expected = { device: 'cpu', why: { kind: 'no-gpu', reason: 'the driver is too old' } }
  expect(await chosen(host, spec, desk)).toEqual(expected)
  expect(await chosen(host, spec, desk)).toEqual(expected)
  expect(host.opened).toBe(1)
})

test('a spec that only the CPU takes does not even open the GPU', async () => {
  const host = new Host(fast)
  const lbfgs = specOf({ ...spec, optimizer: { type: 'LBFGS' } })
  const { device, why } = await chosen(host, lbfgs)
  expect(device).toBe('cpu')
  expect(why).toMatchObject({
    kind: 'cpu-only',
    reason: expect.stringContaining('LBFGS') as string,
  })
  expect(host.opened).toBe(0)
})

test('a net that the GPU refuses is trained by the CPU, with what the GPU said', async () => {
  const host = new Host({
    ...fast,
    createSession: () => Promise.reject(new DeviceLimitError('it needs 2 GB')),
  })
  const { device, why } = await chosen(host)
  expect(device).toBe('cpu')
  expect(why).toEqual({ kind: 'cpu-only', reason: 'it needs 2 GB' })
})

test('a GPU that is asked for and is not there is an error with the reason', async () => {
  const asked = { ...spec, device: 'webgpu' } as const
  const opened = await openRunDevice(deskOf(new Host('no driver')), {
    spec: asked,
    dataset,
    onLoss: () => undefined,
  })
  expect(opened).toEqual({
    ok: false,
    error: { device: 'webgpu', reason: 'WebGPU is not available: no driver' },
  })
})
