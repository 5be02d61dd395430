/**
 * Training on the GPU in the desktop app: main, its hidden window and a forked trainer. The window's own code answers there, with the
 * software GPU of plain Node in the place of Chromium's.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { TrainerEvent } from '#core/contract/events'
import { parseRunSpec, type RunSpec } from '#core/spec/run-spec'
import type { Connection } from '../../../renderer/platform/connection'
import { connectDesktop } from '../../../renderer/platform/desktop-connection'
import { serveGpu } from '../../../renderer/gpu-host/serve-gpu'
import type {} from '../../../renderer/platform/window-desktop'
import { findTestGpu } from '../../core/backend/webgpu-device'
import { ensureBuilt } from '../command-line'
import { app, BrowserWindow, exposed, forked, ipcRenderer } from '../electron-double/electron'
import { PageWindow } from '../electron-double/page-window'
import type { PortDouble } from '../electron-double/port'

vi.mock('electron', () => import('../electron-double/electron'))

const data = mkdtempSync(join(tmpdir(), 'workbench-gpu-'))
const events: TrainerEvent[] = []
const patience = { timeout: 60_000, interval: 20 }
const gpu = await findTestGpu()
let connection: Connection

beforeAll(async () => {
  await ensureBuilt()
  vi.stubEnv('GRADIENT_WORKBENCH_DATA', data)
  vi.stubEnv('GRADIENT_WORKBENCH_RUNS', '')
  vi.stubEnv('GRADIENT_WORKBENCH_THREADS', '1')
  app.on('web-contents-created', (_event: unknown, { page }: BrowserWindow['webContents']) => {
    page.on('message', ({ channel, ports: [port] }) => {
      if (channel === 'gpuPort' && port !== undefined) serveWindow(port)
    })
  })
  const page = new PageWindow()
  vi.stubGlobal('window', page)
  await import('../../../electron/main/index')
  const window = await vi.waitFor(() => {
    const [opened] = BrowserWindow.getAllWindows()
    if (opened === undefined) throw new Error('No window was opened')
    return opened
  })
  ipcRenderer.attach(window.webContents)
  await import('../../../electron/preload/index')
  Object.assign(page, { desktop: exposed.get('desktop') })
  const { desktop } = globalThis.window
  if (desktop === undefined) throw new Error('The preload script exposed no desktop')
  connection = await connectDesktop(desktop, {
    event: (event) => events.push(event),
    trainerExit: () => undefined,
    online: () => undefined,
  })
})

afterAll(() => {
  for (const { child } of forked) child.kill('SIGKILL')
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
  rmSync(data, { recursive: true, force: true })
})

test.skipIf(gpu === null)('the window hears of the GPU, by its name', async () => {
  await connection.trainer.hello({})
  const found = await vi.waitFor(() => {
    const event = events.find(({ type }) => type === 'devices')
    if (event?.type !== 'devices') throw new Error('Nothing was said of devices')
    return event.devices.find(({ device }) => device === 'webgpu')
  }, patience)
  expect(found).toMatchObject({ available: true, gpu: { state: 'found' } })
})

test.skipIf(gpu === null)(
  'a run in the hidden window survives a crash of the GPU process, and every window hears of it',
  async () => {
    const { header } = await connection.trainer.startRun({ spec: onGpu(20) })
    expect(header).toMatchObject({ device: 'webgpu', why: { kind: 'asked' } })
    await vi.waitFor(() => {
      expect(events.some(({ type }) => type === 'epoch')).toBe(true)
    }, patience)
    app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed', exitCode: 139 })
    await vi.waitFor(() => {
      expect(phases().at(-1)).toBe('finished')
    }, patience)
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.notice] : []))
    expect(notices).toHaveLength(1)
    expect(notices[0]).toMatchObject({
      kind: 'device-changed',
      from: 'webgpu',
      to: 'webgpu',
      reason: 'the GPU process ended (crashed, exit code 139)',
    })
    const { run } = await connection.trainer.snapshot({})
    expect(run?.header.why).toMatchObject({ kind: 'lost', from: 'webgpu' })
    expect(run?.test?.testAccuracy).toBeGreaterThan(0.5)
  },
)

test.skipIf(gpu === null)('auto does not take a software GPU', async () => {
  const { header } = await connection.trainer.startRun({ spec: { ...onGpu(1), device: 'auto' } })
  expect(header.device).toBe('cpu')
  // On a machine with a real GPU the race decides.
  expect(['software-gpu', 'cpu-faster']).toContain(header.why?.kind)
})

/** The page and its worker: renderer/gpu-host/. */
function serveWindow(port: PortDouble): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = ({ data }) => {
    port.postMessage(data)
  }
  port.on('message', ({ data }: { data: unknown }) => {
    port1.postMessage(data)
  })
  const lose = serveGpu(port2, gpu ?? undefined, () => {
    port1.close()
  })
  port.on('close', () => {
    lose('the window was closed')
  })
  port.start()
}

function onGpu(epochs: number): RunSpec {
  const spec = parseRunSpec({
    version: 1,
    device: 'webgpu',
    dataset: { trainSize: 2000 },
    model: { layers: [{ type: 'Linear', outFeatures: 10 }] },
    training: { epochs, batchSize: 50 },
  })
  if (!spec.ok) throw new Error(spec.error.map(({ message }) => message).join('\n'))
  return spec.value
}

function phases(): readonly string[] {
  return events.flatMap((event) => (event.type === 'state' ? [event.state.phase] : []))
}
