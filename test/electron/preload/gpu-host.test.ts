import { beforeAll, expect, test, vi } from 'vitest'
import { exposed, ipcRenderer, MessageChannelMain } from '../electron-double/electron'
import { PageWindow } from '../electron-double/page-window'
import { WebContentsDouble } from '../electron-double/window'

vi.mock('electron', () => import('../electron-double/electron'))

const contents = new WebContentsDouble()
const page = new PageWindow()

beforeAll(async () => {
  vi.stubGlobal('window', page)
  ipcRenderer.attach(contents)
  await import('../../../electron/preload/gpu-host')
})

test('a port that main sends reaches the page as a message of its own origin, and nothing is exposed', () => {
  const ports: unknown[] = []
  page.addEventListener('message', (event) => {
    if ('ports' in event && Array.isArray(event.ports)) ports.push(...event.ports)
  })
  contents.postMessage('gpuPort', null, [new MessageChannelMain().port1])
  expect(page.received).toEqual([{ type: 'gpu-port' }])
  expect(ports).toHaveLength(1)
  expect(exposed.size).toBe(0)
})
