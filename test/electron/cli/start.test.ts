import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ensureBuilt } from '../command-line'

it('where Electron cannot run, npm start says so in one sentence and serves the workbench', async () => {
  await ensureBuilt()
  const folder = await mkdtemp(join(tmpdir(), 'start-'))
  // Neither Electron nor a program that opens browsers can be found.
  const env = {
    ...process.env,
    PATH: folder,
    ELECTRON_OVERRIDE_DIST_PATH: folder,
    GRADIENT_WORKBENCH_DATA: folder,
  }
  const child = spawn(process.execPath, ['electron/start.mjs'], { env })
  const ended = once(child, 'exit')
  let output = ''
  const address = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
        const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(output)
        if (found !== null) resolve(found[0])
      })
  })
  const answer = await fetch(await address)
  expect(answer.status).toBe(200)
  expect(output).toContain('so the workbench opens in your browser')
  child.kill('SIGTERM')
  await ended
  await rm(folder, { recursive: true })
}, 120_000)
