/** Nets that the GPU cannot train: what is wrong is said before the first step, and nothing hangs. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { RunStore } from '../../../../electron/store/run-store'
import { DeviceDesk } from '../../../../electron/trainer/device-desk'
import { startRun } from '../../../../electron/trainer/open-run'
import { smallDataset } from '../../../core/backend/small-dataset'
import { specOf } from '../../../core/backend/trace'
import { ensureBuilt } from '../../command-line'
import { softwareGpu } from '../../software-gpu'
import { TestGpuHost } from './test-gpu-host'

const engineScript = new URL('../../../../out/main/engine.js', import.meta.url)
const software = softwareGpu()
const spec = specOf({
  version: 1,
  device: 'webgpu',
  dataset: { trainSize: 300 },
  model: {
    inFeatures: 783,
    layers: [
      { type: 'Linear', outFeatures: 7 },
      { type: 'ReLU' },
      { type: 'Linear', outFeatures: 10 },
    ],
  },
  training: { epochs: 1, batchSize: 13 },
})

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'refused-net-'))
  for (const [name, value] of Object.entries(software ?? {})) vi.stubEnv(name, value)
  await ensureBuilt()
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

describe.skipIf(software === null)('a net is refused before it is trained', () => {
  test('where the memory is not there, with how much and what for', async () => {
    const refused = await refusal(spec, fillMemory)
    expect(refused).toMatch(
      /^the GPU has no \d+ MB for the parameters and activations: .+; take a smaller net or batch, or the CPU$/s,
    )
  })

  test('where a kernel does not compile, with its name and the place', async () => {
    const refused = await refusal(spec, breakKernels)
    expect(refused).toMatch(/^the GPU does not take the kernel ".+": line \d+: /)
  })

  test('where it is beyond the limits of the device, with the limit', async () => {
    // Small weights, and more outputs of 65536 features than a software GPU's gigabyte holds.
    const layers = [
      { type: 'Linear', outFeatures: 4 },
      { type: 'Linear', outFeatures: 65_536 },
      ...Array.from({ length: 8 }, () => ({ type: 'Softmax' })),
      { type: 'Linear', outFeatures: 10 },
    ]
    const refused = await refusal(specOf({ ...spec, model: { inFeatures: 783, layers } }))
    expect(refused).toMatch(
      /^a buffer of \d+ MB is needed for the parameters and activations, and this GPU allows \d+ MB/,
    )
  })

  test('but auto trains it on the CPU', async () => {
    const run = await startRun(runHost(fillMemory), { ...spec, device: 'auto' })
    if (!run.ok) throw new Error(run.error.message)
    expect(run.value.header.device).toBe('cpu')
    await run.value.close()
  })
})

/** Asks the device for more than any has while it makes the buffer for parameters: the error is a real one. */
function fillMemory(device: GPUDevice): void {
  const createBuffer = device.createBuffer.bind(device)
  device.createBuffer = (descriptor) => {
    if (descriptor.label === 'arena')
      device.createTexture({
        size: [2048, 2048, 2048],
        dimension: '3d',
        format: 'rgba32float',
        usage: GPUTextureUsage.COPY_DST,
      })
    return createBuffer(descriptor)
  }
}

function breakKernels(device: GPUDevice): void {
  const createShaderModule = device.createShaderModule.bind(device)
  device.createShaderModule = (descriptor) =>
    createShaderModule({ ...descriptor, code: `${descriptor.code}\nfn broken( {` })
}

/** Why the run is refused; no folder is left of it. */
async function refusal(asked: typeof spec, prepare?: (device: GPUDevice) => void): Promise<string> {
  const run = await startRun(runHost(prepare), asked)
  if (run.ok) throw new Error('the run was opened')
  expect(run.error.kind).toBe('device')
  expect(await readdir(folder)).toEqual([])
  return run.error.message
}

function runHost(prepare?: (device: GPUDevice) => void) {
  return {
    store: new RunStore(folder, (error) => {
      throw error
    }),
    dataset: smallDataset(),
    desk: new DeviceDesk({ engineScript, threads: 1, gpu: new TestGpuHost(prepare) }),
    version: 'test',
    send: () => undefined,
  }
}
