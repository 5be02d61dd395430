import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { PAGE_URL, registerPageScheme, servePage } from '../../../electron/main/page-scheme'
import { app, protocol } from '../electron-double/electron'

vi.mock('electron', () => import('../electron-double/electron'))

const folder = mkdtempSync(join(tmpdir(), 'workbench-page-'))
const root = join(folder, 'renderer')

beforeAll(async () => {
  mkdirSync(join(root, 'assets'), { recursive: true })
  writeFileSync(join(root, 'index.html'), '<title>page</title>')
  writeFileSync(join(root, 'assets', 'main.js'), 'export {}')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  symlinkSync(join(folder, 'secret.txt'), join(root, 'link.txt'))
  registerPageScheme()
  await app.whenReady()
  servePage(root)
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

test('the scheme is an origin of its own: standard, secure and open to fetch, and nothing more', () => {
  expect(protocol.schemes).toEqual([
    { scheme: 'workbench', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
})

test('the page and its scripts come with their types', async () => {
  const page = await protocol.fetch(PAGE_URL)
  expect(page.status).toBe(200)
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(await page.text()).toBe('<title>page</title>')
  const script = await protocol.fetch(`${PAGE_URL}assets/main.js?v=1#top`)
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
})

test('HEAD is answered without a body, other methods are refused', async () => {
  const head = await protocol.fetch(PAGE_URL, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
  expect((await protocol.fetch(PAGE_URL, { method: 'POST' })).status).toBe(405)
})

test.each(['', 'missing.js'])('every answer isolates the page (%j)', async (path) => {
  const { headers } = await protocol.fetch(PAGE_URL + path)
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self'")
  expect(policy).not.toMatch(/'unsafe-(inline|eval)'|https?:|\*/)
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

describe('nothing outside the page is served:', () => {
  test.each([
    '../secret.txt',
    '%2e%2e/secret.txt',
    '..%2fsecret.txt',
    'assets/..%2f..%2fsecret.txt',
    '..%5csecret.txt',
    '%2fetc/passwd',
    'link.txt',
    'index.html%00.js',
    '%E0%A4%A',
    'assets',
    '../renderer-of-another/index.html',
  ])('%s', async (path) => {
    expect((await protocol.fetch(PAGE_URL + path)).status).toBe(404)
  })

  test('another host', async () => {
    expect((await protocol.fetch('workbench://elsewhere/index.html')).status).toBe(404)
  })
})
