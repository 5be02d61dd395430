/** The whole desktop app but Chromium: main, preload and the page's own connection, around the real trainer process. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { TrainerExit } from '#core/contract/desktop'
import type { TrainerEvent } from '#core/contract/events'
import { runSpecSchema, type RunSpec } from '#core/spec/run-spec'
import type { RunState } from '#core/training/run-state'
import { RunStore } from '../../../electron/store/run-store'
import type { Connection } from '../../../renderer/platform/connection'
import { connectDesktop } from '../../../renderer/platform/desktop-connection'
import type {} from '../../../renderer/platform/window-desktop'
import {
  app,
  BrowserWindow,
  exposed,
  forked,
  ipcRenderer,
  Menu,
  Notification,
  powerSaveBlocker,
  protocol,
  session,
} from '../electron-double/electron'
import { PageWindow } from '../electron-double/page-window'

vi.mock('electron', () => import('../electron-double/electron'))

const data = mkdtempSync(join(tmpdir(), 'workbench-desktop-'))
const patience = { timeout: 30_000, interval: 10 }
const events: TrainerEvent[] = []
const exits: TrainerExit[] = []
let window: BrowserWindow
let connection: Connection

beforeAll(async () => {
  // Any command of the command line builds the trainer where it is missing or old.
  execFileSync(process.execPath, ['electron/cli.mjs', '--help'], { stdio: 'pipe' })
  vi.stubEnv('GRADIENT_WORKBENCH_DATA', data)
  vi.stubEnv('GRADIENT_WORKBENCH_RUNS', '')
  vi.stubEnv('GRADIENT_WORKBENCH_THREADS', '1')
  const page = new PageWindow()
  vi.stubGlobal('window', page)
  await import('../../../electron/main/index')
  window = await vi.waitFor(() => {
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
    trainerExit: (exit) => exits.push(exit),
    online: () => undefined,
  })
}, 120_000)

beforeEach(() => {
  events.length = 0
  exits.length = 0
})

afterAll(() => {
  for (const { child } of forked) child.kill('SIGKILL')
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
  rmSync(data, { recursive: true, force: true })
})

test('the app starts locked down, with a menu', () => {
  expect(app.sandboxed).toBe(true)
  expect(protocol.schemes).toHaveLength(1)
  expect(session.defaultSession.requestHandler).not.toBeNull()
  expect(session.defaultSession.checkHandler).not.toBeNull()
  expect(window.webContents.mainFrame.url).toBe('workbench://app/')
  expect(window.webContents.allows('will-navigate', 'https://example.org/')).toBe(false)
  expect(Menu.application).not.toBeNull()
  expect(readFileSync('electron-builder.yml', 'utf8')).toContain(`appId: ${app.userModelId}\n`)
  expect(app.getPath('userData')).toBe(join(data, 'desktop'))
})

test('the page reaches the trainer through its port', async () => {
  const hello = await connection.trainer.hello({})
  expect(hello).toMatchObject({ host: 'desktop', dataset: { train: 60_000 } })
  expect(hello.runsFolder).toBe(join(data, 'runs'))
  expect(forked).toHaveLength(1)
})

test("Chromium's view of the cards reaches the machine's report", async () => {
  const { gpus, probers } = await connection.trainer.machine({ refresh: true })
  expect(probers.find(({ prober }) => prober === 'Chromium')?.outcome).toBe('ok')
  const card = gpus.find(({ pciId }) => pciId.value === '10de:2684')
  expect(card?.driver.value).not.toBeNull()
})

test('a request that does not parse comes back as an error, not as a crash', async () => {
  await expect(connection.trainer.reopenRun({ id: '../../etc' })).rejects.toThrow(/run id/)
})

test('while a run trains the system stays awake and the taskbar shows how far it is', async () => {
  await connection.trainer.startRun({ spec: smallRun('long', 200) })
  await vi.waitFor(() => {
    expect([...powerSaveBlocker.active.values()]).toEqual(['prevent-app-suspension'])
    expect(window.bar?.progress).toBeGreaterThan(0)
  }, patience)
  await connection.trainer.pauseRun({})
  await vi.waitFor(() => {
    expect(powerSaveBlocker.active.size).toBe(0)
    expect(window.bar?.mode).toBe('paused')
  }, patience)
  await connection.trainer.resumeRun({})
  await vi.waitFor(() => {
    expect(powerSaveBlocker.active.size).toBe(1)
  }, patience)
  await connection.trainer.stopRun({})
  await vi.waitFor(() => {
    expect(powerSaveBlocker.active.size).toBe(0)
    expect(window.bar).toEqual({ progress: -1, mode: 'normal' })
  }, patience)
  expect(Notification.shown).toEqual([])
})

test('the end of a run is notified to a person who looks elsewhere', async () => {
  await connection.trainer.startRun({ spec: smallRun('short', 1) })
  await vi.waitFor(() => {
    expect(Notification.shown).toEqual([
      { title: 'Gradient Workbench', body: 'short: training finished' },
    ])
  }, patience)
  expect(powerSaveBlocker.active.size).toBe(0)
})

test('when the trainer is killed the page hears why, and a new trainer takes the run up again', async () => {
  const { header } = await connection.trainer.startRun({ spec: smallRun('killed', 200) })
  await vi.waitFor(() => {
    expect(events.some(({ type }) => type === 'steps')).toBe(true)
  }, patience)
  forked.at(-1)?.child.kill('SIGKILL')
  await vi.waitFor(() => {
    expect(exits).toEqual([{ code: null, reason: 'The trainer process was ended from outside' }])
  }, patience)
  expect(powerSaveBlocker.active.size).toBe(0)
  expect(window.bar?.progress).toBe(-1)

  await connection.relaunch()
  expect(forked).toHaveLength(2)
  const runs = await connection.trainer.listRuns({})
  expect(runs.find(({ id }) => id === header.id)).toMatchObject({
    status: 'crashed',
    resumable: true,
  })
  const reopened = await connection.trainer.reopenRun({ id: header.id })
  expect(reopened.state).toEqual({ phase: 'paused' })
  events.length = 0
  await connection.trainer.resumeRun({})
  await vi.waitFor(() => {
    expect(phases()).toContain('running')
    expect(events.some(({ type }) => type === 'steps')).toBe(true)
  }, patience)
})

test('the app quits only when the trainer has written its checkpoint', async () => {
  const running = forked.at(-1)
  const ended = new Promise<void>((resolve) => app.once('quit', resolve))
  window.close()
  expect(app.state).toBe('ready')
  await ended
  expect(running?.child.exitCode).toBe(0)
  expect(exits).toEqual([])
  expect(powerSaveBlocker.active.size).toBe(0)
  const runs = await new RunStore(join(data, 'runs'), () => undefined).list()
  expect(runs.find(({ name }) => name === 'killed')).toMatchObject({
    status: 'stopped',
    resumable: true,
  })
})

function smallRun(name: string, epochs: number): RunSpec {
  return runSpecSchema.parse({
    version: 1,
    name,
    dataset: { name: 'mnist', trainSize: 2000 },
    model: { layers: [{ type: 'Linear', outFeatures: 10 }] },
    training: { epochs, batchSize: 20 },
    device: 'cpu',
  })
}

function phases(): RunState['phase'][] {
  return events.flatMap((event) => (event.type === 'state' ? [event.state.phase] : []))
}
