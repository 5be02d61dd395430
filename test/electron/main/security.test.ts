import { app as electronApp, session as electronSession } from 'electron'
import { expect, test, vi } from 'vitest'
import { confinePages, denyPermissions } from '../../../electron/main/security'
import { session } from '../electron-double/electron'
import { WebContentsDouble } from '../electron-double/window'

vi.mock('electron', () => import('../electron-double/electron'))

const PAGE = 'workbench://app/'

test('no permission is granted, asked for or checked', () => {
  denyPermissions(electronSession.defaultSession)
  const { requestHandler, checkHandler, deviceHandler } = session.defaultSession
  const granted: boolean[] = []
  for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read'] as const)
    Reflect.apply(requestHandler ?? fail, null, [
      null,
      permission,
      (answer: boolean) => granted.push(answer),
    ])
  expect(granted).toEqual([false, false, false, false])
  expect(Reflect.apply(checkHandler ?? fail, null, [null, 'media', PAGE, {}])).toBe(false)
  expect(Reflect.apply(deviceHandler ?? fail, null, [{ deviceType: 'usb' }])).toBe(false)
})

test('every page may reload and jump inside itself, and go nowhere else', () => {
  confinePages(electronApp, PAGE)
  const contents = new WebContentsDouble()
  for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
    expect(contents.allows(event, PAGE)).toBe(true)
    expect(contents.allows(event, `${PAGE}#runs`)).toBe(true)
    for (const url of [
      'https://example.org/',
      'file:///etc/passwd',
      'workbench://app/other.html',
      'workbench://application/',
      'javascript:alert(1)',
    ])
      expect(contents.allows(event, url), `${event} to ${url}`).toBe(false)
  }
})

test('no page opens a window or embeds another', () => {
  const contents = new WebContentsDouble()
  expect(Reflect.apply(contents.openHandler, null, [{ url: PAGE }])).toEqual({ action: 'deny' })
  expect(contents.allows('will-attach-webview', PAGE)).toBe(false)
})

function fail(): never {
  throw new Error('No handler was set')
}
