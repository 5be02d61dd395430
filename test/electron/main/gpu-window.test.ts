import { app as electronApp } from 'electron'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GpuWindow } from '../../../electron/main/gpu-window'
import { app, BrowserWindow } from '../electron-double/electron'
import type { PortDouble } from '../electron-double/port'

vi.mock('electron', () => import('../electron-double/electron'))

const page = 'workbench://app/gpu-host/index.html'
let gone: string[]
let gpu: GpuWindow

beforeEach(() => {
  gone = []
  gpu = new GpuWindow({
    app: electronApp,
    page,
    preload: '/out/preload/gpu-host.cjs',
    onGone: (reason) => gone.push(reason),
  })
})

afterEach(() => {
  gpu.close()
  app.removeAllListeners()
  vi.restoreAllMocks()
})

test('there is no window until somebody asks for a port, and one for all who ask', async () => {
  expect(BrowserWindow.getAllWindows()).toEqual([])
  const ports = await Promise.all([gpu.connect(), gpu.connect()])
  expect(ports.map(({ ok }) => ok)).toEqual([true, true])
  expect(BrowserWindow.getAllWindows()).toHaveLength(1)
  expect(onlyWindow().webContents.mainFrame.url).toBe(page)
})

test('the window is hidden, sandboxed, isolated, without Node, and never throttled', async () => {
  await gpu.connect()
  const { options, visible } = onlyWindow()
  expect(visible).toBe(false)
  expect(options.skipTaskbar).toBe(true)
  expect(options.webPreferences).toEqual({
    preload: '/out/preload/gpu-host.cjs',
    backgroundThrottling: false,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    spellcheck: false,
  })
})

test('what one end of a port is sent, the page hears at the other', async () => {
  const { port, far } = await connected()
  const heard: unknown[] = []
  far.on('message', ({ data }: { data: unknown }) => heard.push(data))
  far.start()
  port.postMessage({ steps: new Float32Array([1, 2]) })
  await vi.waitFor(() => {
    expect(heard).toEqual([{ steps: new Float32Array([1, 2]) }])
  })
})

test.each([
  [
    'its process crashes',
    () => onlyWindow().webContents.emit('render-process-gone', {}, { reason: 'oom', exitCode: 9 }),
    'the process that computes on the GPU ended (oom, exit code 9)',
  ],
  [
    'the GPU process crashes',
    () => app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed', exitCode: 139 }),
    'the GPU process ended (crashed, exit code 139)',
  ],
  [
    'it is closed from outside',
    () => {
      onlyWindow().destroy()
    },
    'the window that computes on the GPU was closed',
  ],
])(
  'when %s, the ports close with a reason and the next one has a new window',
  async (_what, crash, reason) => {
    const { port } = await connected()
    const closed = new Promise<void>((resolve) => port.on('close', resolve))
    const first = onlyWindow()
    crash()
    await closed
    expect(gone).toEqual([reason])
    expect(first.isDestroyed()).toBe(true)
    await connected()
    expect(onlyWindow()).not.toBe(first)
  },
)

test('a GPU process that ends in peace, and other processes, are no loss', async () => {
  await connected()
  app.emit('child-process-gone', {}, { type: 'GPU', reason: 'clean-exit', exitCode: 0 })
  app.emit('child-process-gone', {}, { type: 'Utility', reason: 'crashed', exitCode: 1 })
  expect(gone).toEqual([])
  expect(BrowserWindow.getAllWindows()).toHaveLength(1)
})

test('a page that cannot be loaded is a refusal, and the next request tries again', async () => {
  vi.spyOn(BrowserWindow.prototype, 'loadURL').mockRejectedValueOnce(new Error('ERR_FAILED'))
  expect(await gpu.connect()).toEqual({
    ok: false,
    error: 'the window that computes on the GPU could not be opened: ERR_FAILED',
  })
  expect(BrowserWindow.getAllWindows()).toEqual([])
  expect((await gpu.connect()).ok).toBe(true)
})

test('a page that fails to load after its window was lost leaves the next window alone', async () => {
  let failToLoad: (error: Error) => void = () => undefined
  const loading = new Promise<void>((_loaded, fail) => {
    failToLoad = fail
  })
  vi.spyOn(BrowserWindow.prototype, 'loadURL').mockReturnValueOnce(loading)
  const first = gpu.connect()
  app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed', exitCode: 139 })
  const { port } = await connected()
  const second = onlyWindow()
  failToLoad(new Error('ERR_ABORTED'))
  expect((await first).ok).toBe(false)
  expect(second.isDestroyed()).toBe(false)
  port.close()
})

function onlyWindow(): BrowserWindow {
  const [window, ...more] = BrowserWindow.getAllWindows()
  if (window === undefined || more.length > 0) throw new Error('Expected one window')
  return window
}

/** A new port, and what the page got. */
async function connected(): Promise<{ port: PortDouble; far: PortDouble }> {
  const connecting = gpu.connect()
  const arrived = new Promise<readonly PortDouble[]>((resolve) => {
    onlyWindow().webContents.page.once('message', ({ channel, ports }) => {
      expect(channel).toBe('gpuPort')
      resolve(ports)
    })
  })
  const port = await connecting
  const [far] = await arrived
  if (!port.ok || far === undefined) throw new Error('There is no port')
  // Under vi.mock the port is the double's.
  return { port: port.value as unknown as PortDouble, far }
}
