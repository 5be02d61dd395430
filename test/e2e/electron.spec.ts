/** The desktop app itself, where there is an Electron to run it. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, expect, test, type ElectronApplication, type Page } from '@playwright/test'
import type {} from '../../renderer/platform/window-desktop'

const root = fileURLToPath(new URL('../..', import.meta.url))
const missing = whyNotHere()

test.describe('the desktop app', () => {
  if (missing !== null) console.log(`electron.spec.ts is skipped: ${missing}`)
  test.skip(missing !== null, missing ?? '')
  test.describe.configure({ mode: 'serial' })

  let data: string
  let app: ElectronApplication
  let page: Page

  test.beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'workbench-electron-'))
    app = await launch(data)
    page = await app.firstWindow()
    await page.getByTestId('pad').waitFor()
  })

  test.afterAll(async () => {
    await app.close()
    rmSync(data, { recursive: true, force: true })
  })

  test('the page is sandboxed, isolated, and at home in its own scheme', async () => {
    expect(page.url()).toBe('workbench://app/')
    const inside = await page.evaluate(() => ({
      secure: isSecureContext,
      node: 'process' in window || 'require' in window,
      desktop: Object.keys(window.desktop ?? {}),
    }))
    expect(inside).toMatchObject({ secure: true, node: false })
    expect(inside.desktop).toContain('requestTrainer')
    const inMain = await app.evaluate(({ app: electron, BrowserWindow }) => ({
      folder: electron.getPath('userData'),
      windows: BrowserWindow.getAllWindows().length,
    }))
    expect(inMain).toEqual({ folder: join(data, 'desktop'), windows: 1 })
  })

  test('the page can go nowhere, open nothing, fetch nothing foreign and run no text', async () => {
    const attempts = await page.evaluate(async () => {
      location.href = 'https://example.org/'
      return {
        opened: window.open('https://example.org/') === null,
        fetched: await fetch('https://example.org/').then(
          () => true,
          () => false,
        ),
        location: (await navigator.permissions.query({ name: 'geolocation' })).state,
        notifications: Notification.permission,
      }
    })
    expect(attempts).toEqual({
      opened: true,
      fetched: false,
      location: 'denied',
      notifications: 'denied',
    })
    expect(page.url()).toBe('workbench://app/')
    const complaint = page.waitForEvent('console', (message) => message.text().includes('Security'))
    await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'document.title = "injected"'
      document.body.append(script)
    })
    await complaint
    expect(await page.title()).not.toBe('injected')
  })

  test('a drawing is answered by the trainer process', async () => {
    const pad = await page.getByTestId('pad').boundingBox()
    if (pad === null) throw new Error('The drawing pad is not to be seen')
    const x = pad.x + pad.width / 2
    await page.mouse.move(x, pad.y + pad.height * 0.2)
    await page.mouse.down()
    await page.mouse.move(x, pad.y + pad.height * 0.8, { steps: 12 })
    await page.mouse.up()
    await expect(page.getByTestId('answer')).toHaveText('1')
  })

  test('a run trains, outlives a reload, and is kept when the app quits', async () => {
    await page
      .getByRole('button', { name: /^(Run|开始|运行|训练)/ })
      .first()
      .click()
    const pause = page.getByRole('button', { name: /^(Pause|暂停)/ }).first()
    await expect(pause).toBeVisible({ timeout: 30_000 })
    await page.reload()
    await expect(pause).toBeVisible({ timeout: 30_000 })
    await app.close()
    app = await launch(data)
    page = await app.firstWindow()
    await page.getByTestId('pad').waitFor()
    expect(existsSync(join(data, 'runs'))).toBe(true)
  })
})

function launch(data: string): Promise<ElectronApplication> {
  return _electron.launch({
    executablePath: binary(),
    // Chromium's sandbox does not run as root.
    args: [root, '--lang=en-US', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: {
      ...definedOnly(process.env),
      GRADIENT_WORKBENCH_DATA: data,
      GRADIENT_WORKBENCH_RUNS: '',
    },
  })
}

/** Why the app cannot be started on this machine, or null. */
function whyNotHere(): string | null {
  if (!existsSync(binary()))
    return 'the Electron binary is not installed; `npx install-electron` fetches it'
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  if (process.platform === 'linux' && DISPLAY === undefined && WAYLAND_DISPLAY === undefined)
    return 'there is no display; run the tests under xvfb-run'
  return null
}

/** Where the package electron keeps its binary; asking the package itself would fetch it. */
function binary(): string {
  const folder = join(root, 'node_modules', 'electron')
  const name = join(folder, 'path.txt')
  return join(folder, 'dist', existsSync(name) ? readFileSync(name, 'utf8') : 'electron')
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
