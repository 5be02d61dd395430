import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { presetById } from '#core/spec/presets'
import { startServer, type RunningServer } from '../../../electron/cli/serve/server'
import { TrainerChild } from '../../../electron/cli/serve/trainer-child'
import { CommandLine, ensureBuilt } from '../command-line'
import { TestWindow } from '../window'

const MILLISECONDS = 60_000
const trainerScript = pathToFileURL(join(process.cwd(), 'out', 'main', 'trainer.js'))

let folder: string
let server: RunningServer
let trainer: TrainerChild

beforeAll(async () => {
  await ensureBuilt()
  folder = await mkdtemp(join(tmpdir(), 'serve-'))
  const page = join(folder, 'page')
  await mkdir(join(page, 'assets'), { recursive: true })
  await writeFile(join(page, 'index.html'), '<title>workbench</title>')
  await writeFile(join(page, 'assets', 'main.js'), 'export {}')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await symlink(join(folder, 'secret.txt'), join(page, 'leak.txt'))
  server = await startServer({
    host: '127.0.0.1',
    port: 0,
    page: join(folder, 'page'),
    trainer: (windows) => {
      trainer = new TrainerChild({
        script: trainerScript,
        env: { ...process.env, GRADIENT_WORKBENCH_DATA: folder, GRADIENT_WORKBENCH_RUNS: '' },
        onFrame: (client, frame) => {
          windows.deliver(client, frame)
        },
        onExit: (exit) => {
          windows.trainerEnded(exit)
        },
      })
      return trainer
    },
  })
}, 2 * MILLISECONDS)

afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
}, MILLISECONDS)

interface Answer {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
}

/** A request as it is on the wire: the path is not tidied up on the way. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers, method }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
      })
    })
    sent.on('error', reject).end()
  })
}

function token(): string {
  return new URL(server.url).searchParams.get('token') ?? ''
}

function socketUrl(given: string): string {
  const { host } = new URL(server.url)
  return `ws://${host}/ws?token=${given}`
}

/** Status of the refusal, or 'open'. */
function openSocket(url: string, headers: Record<string, string> = {}): Promise<number | 'open'> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers })
    socket.on('open', () => {
      socket.close()
      resolve('open')
    })
    socket.on('unexpected-response', (_request, { statusCode }) => {
      resolve(statusCode ?? 0)
    })
    socket.on('error', reject)
  })
}

async function openWindow(): Promise<TestWindow> {
  const socket = new WebSocket(socketUrl(token()))
  const window = new TestWindow((frame) => {
    socket.send(frame)
  })
  socket.on('message', (data: Buffer) => {
    window.accept(data.toString('utf8'))
  })
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))
  return window
}

describe('the page', () => {
  it('comes with the token, which a cookie then keeps for its files', async () => {
    const page = await get(`/?token=${token()}`)
    expect(page).toMatchObject({ status: 200, body: '<title>workbench</title>' })
    const [cookie] = [page.headers['set-cookie']].flat()
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict$/)
    const asset = await get('/assets/main.js', { Cookie: cookie?.split(';')[0] ?? '' })
    expect(asset.status).toBe(200)
    expect(asset.headers['content-type']).toBe('text/javascript; charset=utf-8')
  })

  it('is isolated and runs nothing but its own files', async () => {
    const { headers } = await get(`/?token=${token()}`)
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['content-security-policy']).not.toContain('unsafe-inline')
    expect(headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
  })

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/leak.txt',
    '/assets',
    '/%00',
    '/%',
  ])('nothing outside its folder is found: %s', async (path) => {
    const { status, body } = await get(`${path}?token=${token()}`)
    expect({ status, leaked: body.includes('secret') }).toEqual({ status: 404, leaked: false })
  })

  it('only reading is answered', async () => {
    expect((await get(`/?token=${token()}`, {}, 'POST')).status).toBe(405)
  })
})

describe('strangers', () => {
  const cases: [string, (given: string) => string, Record<string, string>][] = [
    ['no token', () => '', {}],
    ['a wrong token', (given) => given.replace(/^./, (c) => (c === 'a' ? 'b' : 'a')), {}],
    ['the wrong cookie', () => '', { Cookie: 'workbench-1=x; other=y' }],
    ['a foreign Origin', (given) => given, { Origin: 'http://evil.example' }],
    ['an Origin of no page', (given) => given, { Origin: 'null' }],
    ['a foreign Host', (given) => given, { Host: 'evil.example' }],
    ['a Host that only begins like ours', (given) => given, { Host: 'localhost.evil.example:80' }],
  ]

  it.each(cases)('are refused over HTTP: %s', async (_case, tokenOf, headers) => {
    expect((await get(`/?token=${tokenOf(token())}`, headers)).status).toBe(403)
    expect((await get(`/assets/main.js?token=${tokenOf(token())}`, headers)).status).toBe(403)
  })

  it.each(cases)('are refused over the WebSocket: %s', async (_case, tokenOf, headers) => {
    expect(await openSocket(socketUrl(tokenOf(token())), headers)).toBe(403)
  })

  it('find no socket elsewhere, token or not', async () => {
    expect(await openSocket(socketUrl(token()).replace('/ws', '/other'))).toBe(403)
  })

  it('our own page is let in, by any name of this machine', async () => {
    const { host, port } = new URL(server.url)
    expect(await openSocket(socketUrl(token()), { Origin: `http://${host}` })).toBe('open')
    const local = `localhost:${port}`
    expect(await openSocket(socketUrl(token()), { Host: local, Origin: `http://${local}` })).toBe(
      'open',
    )
  })
})

describe(
  'the trainer behind the socket',
  () => {
    const spec = {
      ...presetById('starter'),
      dataset: { trainSize: 2000 },
      training: { epochs: 50 },
      device: 'reference',
    } as const

    it('answers', async () => {
      const { trainer: api } = await openWindow()
      expect(await api.hello({})).toMatchObject({ host: 'serve' })
    })

    it('when it dies every window is told, and a new one goes on from the last checkpoint', async () => {
      const [first, second] = [await openWindow(), await openWindow()]
      const { header } = await first.trainer.startRun({ spec })
      await first.event('steps')
      await first.trainer.pauseRun({})
      const { run: before } = await first.trainer.snapshot({})

      trainer.kill()
      for (const window of [first, second])
        expect(await window.trainerExit()).toEqual({
          code: null,
          reason: 'The trainer process was ended by SIGKILL',
        })
      await expect(first.trainer.snapshot({})).rejects.toMatchObject({
        message: 'The trainer process has ended: start it again',
      })

      await first.trainer.relaunchTrainer()
      expect(await first.trainer.snapshot({})).toEqual({ run: null })
      expect(await first.trainer.listRuns({})).toMatchObject([{ id: header.id, status: 'crashed' }])
      const reopened = await first.trainer.reopenRun({ id: header.id })
      expect(reopened).toMatchObject({
        state: { phase: 'paused' },
        progress: { step: before?.progress.step },
      })
      expect(
        (await second.event('opened', ({ open }) => open.state.phase === 'paused')).open.header.id,
      ).toBe(header.id)
      await second.trainer.resumeRun({})
      await first.event('steps', ({ firstStep }) => firstStep > reopened.progress.step)
    })
  },
  MILLISECONDS,
)

describe(
  'the command',
  () => {
    it('prints its address, serves with it, and ends with Ctrl-C', async () => {
      const command = new CommandLine('serve', '--port', '0', '--runs', join(folder, 'runs'))
      const line = await command.line((text) => text.includes('http://127.0.0.1:'))
      const url = new URL(/http:\S+/.exec(line)?.[0] ?? '')
      expect((await fetch(url)).status).toBe(200)
      expect((await fetch(new URL('/', url))).status).toBe(403)
      command.child.kill('SIGINT')
      expect((await command.ended).code).toBe(130)
    })
  },
  2 * MILLISECONDS,
)
