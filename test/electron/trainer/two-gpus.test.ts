/** A machine with two GPUs: each is measured, the one that trains first. The cards are real backends in this process. */
import { beforeAll, expect, test } from 'vitest'
import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import { serveSession } from '#core/backend/remote-session'
import type { PowerPreference } from '#core/backend/webgpu/adapters'
import { ok } from '#core/tensor/result'
import { loadMnist } from '../../../electron/data/load-mnist'
import { DeviceDesk } from '../../../electron/trainer/device-desk'
import type { GpuHost } from '../../../electron/trainer/gpu-host'
import { Measuring } from '../../../electron/trainer/measuring'
import { specOf } from '../../core/backend/trace'
import { ensureBuilt } from '../command-line'
import { gpuInfo } from './gpu/gpu-info'
import { portOf } from './gpu/port-of'

const MILLISECONDS = 120_000
const engineScript = new URL('../../../out/main/engine.js', import.meta.url)
const spec = specOf({
  version: 1,
  dataset: { trainSize: 2000 },
  model: { layers: [{ type: 'Linear', outFeatures: 10 }] },
})

beforeAll(ensureBuilt)

/** Both are software ones: nobody waits for the many nets of a calibration. */
class TwoCards implements GpuHost {
  readonly opened: PowerPreference[] = []
  readonly closed: PowerPreference[] = []

  open(preference: PowerPreference = 'high-performance'): ReturnType<GpuHost['open']> {
    this.opened.push(preference)
    const { port1, port2 } = new MessageChannel()
    serveSession(portOf(port2), createCpuBackend({ threads: 1, relaxedSimd: false }))
    const [fast, frugal] = [
      { ...gpuInfo, name: 'fast card', software: true },
      { ...gpuInfo, name: 'frugal card', software: true },
    ]
    const info =
      preference === 'low-power'
        ? { ...frugal, other: { ...fast, powerPreference: 'high-performance' as const } }
        : { ...fast, other: { ...frugal, powerPreference: 'low-power' as const } }
    return Promise.resolve(
      ok({
        info,
        port: portOf(port1),
        close: () => {
          this.closed.push(preference)
          port1.close()
          return Promise.resolve()
        },
      }),
    )
  }
}

test('each is measured under its own name and given back', { timeout: MILLISECONDS }, async () => {
  const host = new TwoCards()
  const desk = new DeviceDesk({ engineScript, threads: 1, gpu: host })
  const loaded = await loadMnist()
  if (!loaded.ok) throw new Error(loaded.error)
  const dataset = Promise.resolve(loaded.value)
  const measuring = new Measuring({ engineScript, threads: 1, desk, dataset })

  const reports = await desk.adapters.reports()
  expect(reports.ok ? reports.value.map(({ name }) => name.value) : []).toEqual([
    'fast card',
    'frugal card',
  ])
  const { devices } = await measuring.measure(spec)
  expect(devices.map(({ device, name, software }) => [device, name, software])).toEqual([
    ['cpu', 'CPU', false],
    ['webgpu', 'fast card', true],
    ['webgpu', 'frugal card', true],
  ])
  for (const { secondsPerStep } of devices) expect(secondsPerStep.confidence).toBe('measured')
  expect(host.opened.slice(-2)).toEqual(['high-performance', 'low-power'])
  expect(host.closed).toHaveLength(host.opened.length)
  expect((await measuring.fit(spec)).devices.map(({ adapter }) => adapter)).toEqual([
    null,
    'fast card',
    'frugal card',
  ])
  // What trains is still the one that trained before.
  expect(desk.list()[1]?.gpu).toMatchObject({ name: 'fast card' })
})
