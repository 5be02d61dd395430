import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { app as electronApp, type BrowserWindow as ElectronWindow } from 'electron'
import { afterEach, expect, test, vi } from 'vitest'
import { allowWebGpu } from '../../../electron/main/gpu-switches'
import { menuTemplate } from '../../../electron/main/menu'
import { finishBeforeQuit } from '../../../electron/main/quit'
import { isOnlyInstance } from '../../../electron/main/single-instance'
import { textsFor } from '../../../electron/main/texts'
import { followDataFolder } from '../../../electron/main/user-data'
import { WorkbenchWindows } from '../../../electron/main/workbench-windows'
import { app, BrowserWindow } from '../electron-double/electron'

vi.mock('electron', () => import('../electron-double/electron'))

afterEach(() => {
  app.removeAllListeners()
  app.taken = false
  app.switches.length = 0
  app.forgivesGpuCrashes = false
})

test('a second instance gives way, and the first comes to the front', () => {
  const windows = new WorkbenchWindows(() => undefined)
  expect(isOnlyInstance(electronApp, windows)).toBe(true)
  new BrowserWindow({ show: false })
  const window = new BrowserWindow()
  windows.add(asElectron(window))
  window.minimized = true
  app.emit('second-instance')
  expect(window.minimized).toBe(false)
  expect(BrowserWindow.getFocusedWindow()).toBe(window)
  window.close()
  app.taken = true
  expect(isOnlyInstance(electronApp, windows)).toBe(false)
})

test('the app quits after what must be finished, asked once or twice', async () => {
  let finish = (): void => undefined
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  finishBeforeQuit(electronApp, () => finished)
  app.quit()
  app.quit()
  expect(app.state).not.toBe('ended')
  const ended = new Promise<void>((resolve) => app.once('quit', resolve))
  finish()
  await ended
  expect(app.state).toBe('ended')
})

test('windows that nobody sees do not keep the app alive', () => {
  const closed = vi.fn()
  const windows = new WorkbenchWindows(closed)
  const [first, second, hidden] = [new BrowserWindow(), new BrowserWindow(), new BrowserWindow()]
  windows.add(asElectron(first))
  windows.add(asElectron(second))
  first.close()
  expect(windows.all()).toEqual([second])
  expect(closed).not.toHaveBeenCalled()
  second.close()
  expect(closed).toHaveBeenCalledOnce()
  hidden.close()
})

test.each([
  ['linux', 'x64', ['enable-unsafe-webgpu']],
  ['win32', 'arm64', ['enable-unsafe-webgpu']],
  ['win32', 'x64', []],
  ['darwin', 'arm64', []],
] as const)('WebGPU on %s %s needs %j', (platform, architecture, switches) => {
  allowWebGpu(electronApp, platform, architecture)
  expect(app.switches).toEqual(['disable-gpu-process-crash-limit', ...switches])
  expect(app.forgivesGpuCrashes).toBe(true)
})

test('the window follows a data folder that was chosen', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-data-'))
  const before = app.getPath('userData')
  followDataFolder(electronApp, { platform: 'linux', env: {}, home: '/home/ada' })
  expect(app.getPath('userData')).toBe(before)
  followDataFolder(electronApp, {
    platform: 'linux',
    env: { GRADIENT_WORKBENCH_DATA: folder },
    home: '/home/ada',
  })
  expect(app.getPath('userData')).toBe(join(folder, 'desktop'))
  expect(existsSync(join(folder, 'desktop'))).toBe(true)
  rmSync(folder, { recursive: true })
})

test('main speaks Chinese to those who do and English to everybody else', () => {
  expect(textsFor('zh-CN').file).toBe('文件')
  expect(textsFor('zh').finished('starter')).toBe('starter：训练完成')
  expect(textsFor('en-US').file).toBe('File')
  expect(textsFor('de').file).toBe('File')
})

test.each(['darwin', 'linux', 'win32'] as const)(
  'the menu on %s has standard roles',
  (platform) => {
    const items = menuTemplate(textsFor('en'), platform).flatMap(({ submenu }) =>
      Array.isArray(submenu) ? submenu : [],
    )
    const roles = items.map(({ role }) => role)
    expect(roles).toEqual(expect.arrayContaining(['undo', 'copy', 'reload', 'togglefullscreen']))
    expect(roles.includes('quit')).toBe(platform !== 'darwin')
    for (const { role, type, label } of items)
      if (type !== 'separator') expect([role, label]).not.toContain(undefined)
  },
)

/** Under vi.mock main's windows are the double's. */
function asElectron(window: BrowserWindow): ElectronWindow {
  return window as unknown as ElectronWindow
}
