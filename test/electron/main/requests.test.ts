import { ipcMain as electronIpc } from 'electron'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { routeRequests } from '../../../electron/main/requests'
import { ipcMain } from '../electron-double/electron'

vi.mock('electron', () => import('../electron-double/electron'))

const heard: string[] = []
const page = { url: 'workbench://app/#bench', parent: null }

beforeAll(() => {
  routeRequests(electronIpc, 'workbench://app/', {
    requestTrainer: () => heard.push('requestTrainer'),
    relaunchTrainer: () => heard.push('relaunchTrainer'),
  })
})

afterEach(() => {
  heard.length = 0
  vi.restoreAllMocks()
})

test('what the page asks is handed on', async () => {
  ipcMain.emit('requestTrainer', { senderFrame: page, sender: {} })
  await ipcMain.invoke('relaunchTrainer', { senderFrame: page }, [])
  expect(heard).toEqual(['requestTrainer', 'relaunchTrainer'])
})

test.each([
  ['another origin', { url: 'https://example.org/', parent: null }, []],
  ['a frame in the page', { url: 'workbench://app/', parent: page }, []],
  ['a page that is gone', null, []],
  ['an address that is none', { url: '', parent: null }, []],
  ['unknown arguments', page, [{ env: 'NODE_OPTIONS' }]],
])('%s is refused', async (_who, senderFrame, args) => {
  const complaint = vi.spyOn(console, 'error').mockReturnValue()
  ipcMain.emit('requestTrainer', { senderFrame, sender: {} }, ...args)
  await expect(ipcMain.invoke('relaunchTrainer', { senderFrame }, args)).rejects.toThrow(
    'relaunchTrainer:',
  )
  expect(complaint).toHaveBeenCalledOnce()
  expect(heard).toEqual([])
})
