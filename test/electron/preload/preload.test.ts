import { beforeAll, expect, test, vi } from 'vitest'
import type { DesktopApi, TrainerExit } from '#core/contract/desktop'
import { exposed, ipcMain, ipcRenderer, MessageChannelMain } from '../electron-double/electron'
import { PageWindow } from '../electron-double/page-window'
import { WebContentsDouble } from '../electron-double/window'

vi.mock('electron', () => import('../electron-double/electron'))

const contents = new WebContentsDouble()
const page = new PageWindow()
let desktop: DesktopApi

beforeAll(async () => {
  vi.stubGlobal('window', page)
  const { argv } = process
  process.argv = [...argv, '--workbench-version=1.2.3']
  ipcRenderer.attach(contents)
  await import('../../../electron/preload/index')
  process.argv = argv
  // The preload script exposes an object of this type, which its own types check.
  desktop = exposed.get('desktop') as DesktopApi
})

test('one object is exposed, and it says what the page runs in', () => {
  expect([...exposed.keys()]).toEqual(['desktop'])
  expect(desktop.info).toEqual({ platform: process.platform, version: '1.2.3' })
})

test('a port that main sends reaches the page as a message of its own origin', () => {
  const ports: unknown[] = []
  page.addEventListener('message', (event) => {
    if ('ports' in event && Array.isArray(event.ports)) ports.push(...event.ports)
  })
  contents.postMessage('trainerPort', null, [new MessageChannelMain().port1])
  expect(page.received).toEqual([{ type: 'trainer-port' }])
  expect(ports).toHaveLength(1)
})

test('requests go to main without arguments, and a refusal comes back', async () => {
  const asked: unknown[][] = []
  ipcMain.on('requestTrainer', (_event, ...args: unknown[]) => asked.push(args))
  desktop.requestTrainer()
  expect(asked).toEqual([[]])
  await expect(desktop.relaunchTrainer()).rejects.toThrow('No handler')
})

test("the trainer's end is told to whoever listens, until they unsubscribe", () => {
  const exits: TrainerExit[] = []
  const exit = { code: 1, reason: 'The trainer process ended with exit code 1' }
  const stop = desktop.onTrainerExit((told) => exits.push(told))
  contents.send('trainerExit', exit)
  stop()
  contents.send('trainerExit', exit)
  expect(exits).toEqual([exit])
})
