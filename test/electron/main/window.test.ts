import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { openWindow } from '../../../electron/main/window'
import { BrowserWindow, nativeTheme, screen } from '../electron-double/electron'

vi.mock('electron', () => import('../electron-double/electron'))

const folder = mkdtempSync(join(tmpdir(), 'workbench-window-'))
const stateFile = join(folder, 'window.json')
const laptop = { workArea: { x: 0, y: 25, width: 1920, height: 1015 } }
const second = { workArea: { x: 1920, y: 0, width: 2560, height: 1400 } }

afterEach(() => {
  for (const window of BrowserWindow.getAllWindows()) window.close()
  rmSync(stateFile, { force: true })
  screen.displays = [laptop]
  nativeTheme.shouldUseDarkColors = false
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

test('the page is sandboxed, isolated and without Node', () => {
  const { options } = open()
  expect(options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    preload: '/out/preload/index.cjs',
  })
  for (const loosened of ['webSecurity', 'allowRunningInsecureContent', 'nodeIntegrationInWorker'])
    expect(options.webPreferences).not.toHaveProperty(loosened)
})

test('the window is shown once it is drawn, on the ground of the theme', () => {
  const window = open()
  expect(window.visible).toBe(false)
  window.emit('ready-to-show')
  expect(window.visible).toBe(true)
  expect(window.webContents.mainFrame.url).toBe('workbench://app/')
  nativeTheme.shouldUseDarkColors = true
  expect(open().options.backgroundColor).not.toBe(window.options.backgroundColor)
})

test('the first window has room for the bench', () => {
  const { options } = open()
  expect(options).toMatchObject({ width: 1440, height: 900, minWidth: 1024, minHeight: 700 })
  expect(options).not.toHaveProperty('x')
})

test('the next window opens where the last one was closed', () => {
  screen.displays = [laptop, second]
  const first = open()
  first.bounds = { x: 2000, y: 60, width: 1300, height: 800 }
  first.maximized = true
  first.close()
  const next = open()
  expect(next.bounds).toEqual({ x: 2000, y: 60, width: 1300, height: 800 })
  expect(next.maximized).toBe(true)
})

test('a place that no display shows any more is forgotten', () => {
  screen.displays = [laptop, second]
  const first = open()
  first.bounds = { x: 2000, y: 60, width: 1300, height: 800 }
  first.close()
  screen.displays = [laptop]
  expect(open().options).toMatchObject({ width: 1440, height: 900 })
})

test.each([
  ['only a corner shows', { x: 1850, y: 100 }],
  ['the title bar is above the display', { x: 100, y: -30 }],
  ['the title bar is below the display', { x: 100, y: 1020 }],
])('a place where %s is forgotten', (_where, corner) => {
  writeFileSync(
    stateFile,
    JSON.stringify({ ...corner, width: 1200, height: 800, maximized: false }),
  )
  expect(open().options).not.toHaveProperty('x')
})

test.each(['', '{', '[]', '{"x":1e99,"y":0,"width":1200,"height":800,"maximized":false}'])(
  'a file that holds %j is ignored and written anew',
  (text) => {
    writeFileSync(stateFile, text)
    const window = open()
    expect(window.options).not.toHaveProperty('x')
    window.close()
    expect(JSON.parse(readFileSync(stateFile, 'utf8'))).toEqual({
      x: 0,
      y: 0,
      width: 1440,
      height: 900,
      maximized: false,
    })
  },
)

function open(): BrowserWindow {
  const window = openWindow({
    page: 'workbench://app/',
    preload: '/out/preload/index.cjs',
    stateFile,
    version: '1.2.3',
  })
  // Under vi.mock the window is the double's.
  return window as unknown as BrowserWindow
}
