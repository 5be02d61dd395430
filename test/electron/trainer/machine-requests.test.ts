import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { RunSpecInput } from '#core/spec/run-spec'
import { channelMessageSchema } from '../../../electron/trainer/channel-clients'
import { ensureBuilt, runCommand } from '../command-line'
import { noGpu, softwareGpu } from '../software-gpu'
import { TestWindow } from '../window'

const MILLISECONDS = 120_000
const script = fileURLToPath(new URL('../../../out/main/trainer.js', import.meta.url))
const software = softwareGpu()

let folder: string
let child: ChildProcess | null = null

beforeAll(ensureBuilt, MILLISECONDS)
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'machine-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  if (child?.exitCode === null) {
    const ended = once(child, 'exit')
    child.disconnect()
    await ended
  }
  await rm(folder, { recursive: true })
})

/** A window on a real trainer process. */
function openWindow(gpu: Readonly<Record<string, string>>): TestWindow['trainer'] {
  const env = { ...process.env, GRADIENT_WORKBENCH_DATA: folder, ...gpu }
  const started = fork(script, { env })
  child = started
  const window = new TestWindow((data) => started.send({ client: 'a', data }))
  started.on('message', (raw) => {
    const { data } = channelMessageSchema.parse(raw)
    if (data !== undefined) window.accept(data)
  })
  started.send({ client: 'a' })
  return window.trainer
}

const spec: RunSpecInput = {
  version: 1,
  dataset: { trainSize: 2000 },
  model: {
    layers: [
      { type: 'Linear', outFeatures: 16 },
      { type: 'GELU' },
      { type: 'Linear', outFeatures: 10 },
    ],
  },
  optimizer: { type: 'AdamW' },
}

it(
  'corrections are kept, marked, and told by the command line as well',
  { timeout: MILLISECONDS },
  async () => {
    const trainer = openWindow(noGpu)
    const before = await trainer.machine({ refresh: false })
    const found = before.memory.total
    const after = await trainer.correctMachine({ path: 'memory/total', value: 123 })
    expect(after.memory.total).toMatchObject({
      value: 123,
      confidence: 'override',
      conflicts: [{ value: found.value, source: found.source }],
    })
    await trainer.correctMachine({ path: 'memory/speed', value: 3200 })
    const derived = await trainer.correctMachine({ path: 'memory/channels', value: 2 })
    expect(derived.memory.bandwidth.value).toBe(51.2)
    expect((await trainer.machine({ refresh: true })).memory.total.value).toBe(123)
    await expect(trainer.correctMachine({ path: 'host/name', value: 'x' })).rejects.toThrow()

    vi.stubEnv('GRADIENT_WORKBENCH_DATA', folder)
    const json = await runCommand('probe', '--json')
    expect(JSON.parse(json.lines[0] ?? '')).toMatchObject({
      type: 'machine',
      memory: { total: { value: 123, confidence: 'override' }, bandwidth: { value: 51.2 } },
    })
    const text = await runCommand('probe')
    expect(text.lines.find((line) => line.startsWith('  total'))).toMatch(
      /123 bytes.*you, override/,
    )
    const plain = await runCommand('probe', '--json', '--plain')
    expect(JSON.parse(plain.lines[0] ?? '')).toMatchObject({
      memory: { total: { value: found.value } },
    })

    const back = await trainer.correctMachine({ path: 'memory/total', value: null })
    expect(back.memory.total.confidence).toBe(found.confidence)
  },
)

it(
  'a measurement tells what each device reaches, and what other nets will take',
  { timeout: MILLISECONDS },
  async () => {
    const trainer = openWindow(software ?? noGpu)
    const before = await trainer.fitMachine({ spec })
    expect(before).toMatchObject({ measurement: null, devices: [{ device: 'cpu', step: null }] })
    const adam = before.devices[0]?.memory
    const { devices, threads, cpu } = await trainer.measureMachine({ spec })
    expect(devices.map(({ device }) => device)).toEqual(
      software === null ? ['cpu'] : ['cpu', 'webgpu'],
    )
    for (const { memoryBandwidth, gflops, secondsPerStep } of devices)
      for (const leaf of [memoryBandwidth, gflops, secondsPerStep]) {
        expect(leaf.confidence, leaf.method).toBe('measured')
        expect(leaf.value, leaf.method).toBeGreaterThan(0)
      }
    expect(devices.map((each) => each.software)).toEqual(
      software === null ? [false] : [false, true],
    )
    expect(cpu.gflopsAllThreads.method).toContain(`${threads} thread`)

    const same = await trainer.fitMachine({ spec })
    expect(same.measurement?.devices).toEqual(devices)
    const [onCpu] = same.devices
    expect(onCpu?.step).toMatchObject({ known: true })
    // Another net, and another optimizer among the usual ones, need no measurement of their own.
    const sgd = await trainer.fitMachine({
      spec: { ...spec, optimizer: { type: 'SGD', momentum: 0.9 }, training: { batchSize: 500 } },
    })
    expect(sgd.devices[0]?.step).toMatchObject({ known: true })
    expect(sgd.devices[0]?.memory?.optimizerState).toBeLessThan(adam?.optimizerState ?? 0)
    const unknown = await trainer.fitMachine({ spec: { ...spec, optimizer: { type: 'Lion' } } })
    expect(unknown.devices[0]?.step).toEqual({ known: false, missing: ['update Lion'] })
    if (software !== null) {
      const lbfgs = await trainer.fitMachine({ spec: { ...spec, optimizer: { type: 'LBFGS' } } })
      expect(lbfgs.devices[1]).toMatchObject({ device: 'webgpu', memory: null })
      expect(lbfgs.devices[1]?.refusal).toContain('LBFGS')
    }
  },
)

it(
  'what would train is what then trains, for the same reason',
  { timeout: MILLISECONDS },
  async () => {
    const trainer = openWindow(software ?? noGpu)
    const specs: readonly RunSpecInput[] = [
      spec,
      { ...spec, optimizer: { type: 'LBFGS' } },
      { ...spec, device: 'reference' },
    ]
    for (const asked of specs) {
      const short = { ...asked, training: { epochs: 1 } }
      const decision = await trainer.decideDevice({ spec: short })
      const run = await trainer.startRun({ spec: short, paused: true })
      expect(decision).toEqual({ state: 'trains', device: run.header.device, why: run.header.why })
      await trainer.stopRun({})
    }
    const report = await trainer.machine({ patient: true })
    expect(report.probers.find(({ prober }) => prober === 'WebGPU')).toMatchObject({
      outcome: software === null ? 'missing' : 'ok',
    })
    expect(report.webgpu).toHaveLength(software === null ? 0 : 1)
  },
)

it(
  'a device that is not to be had is said before a run asks for it',
  { timeout: MILLISECONDS },
  async () => {
    const trainer = openWindow(noGpu)
    const decision = await trainer.decideDevice({ spec: { ...spec, device: 'webgpu' } })
    expect(decision).toMatchObject({ state: 'refused', device: 'webgpu' })
    expect(await trainer.decideDevice({ spec })).toMatchObject({ why: { kind: 'no-gpu' } })
  },
)

it(
  'a measurement can be cancelled, and is refused while a run trains',
  { timeout: MILLISECONDS },
  async () => {
    const trainer = openWindow(noGpu)
    await trainer.hello({})
    const measuring = trainer.measureMachine({ spec })
    const ended = expect(measuring).rejects.toThrow('The measurement was cancelled')
    // Answered at once, wherever the measurement is; cancelling before it began would cancel nothing.
    await trainer.fitMachine({ spec })
    await trainer.cancelMeasurement({})
    await ended
    await trainer.startRun({ spec: { ...spec, device: 'cpu', training: { epochs: 100_000 } } })
    await expect(trainer.measureMachine({ spec })).rejects.toThrow('A run is training')
    await expect(trainer.decideDevice({ spec })).rejects.toThrow('A run is training')
    await trainer.stopRun({})
    const misfit = {
      ...spec,
      dataset: { trainSize: 60_000, valSize: 59_999 },
      model: { inFeatures: 3, layers: spec.model.layers },
    }
    await expect(trainer.fitMachine({ spec: misfit })).rejects.toThrow()
  },
)
