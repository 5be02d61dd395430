/** The workbench as a person meets it in a browser: `serve` in a process of its own, with empty folders. */
import { test as base, expect } from '@playwright/test'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

const repository = dirname(dirname(import.meta.dirname))

export interface Workbench {
  /** Address with its token. */
  readonly url: string
  readonly folder: string
  readonly server: ChildProcess
}

async function start(folder: string, env: Environment): Promise<Workbench> {
  const server = spawn(
    process.execPath,
    [join(repository, 'out/main/cli.js'), 'serve', '--port', '0'],
    {
      env: { ...process.env, ...env, GRADIENT_WORKBENCH_DATA: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const lines = createInterface({ input: server.stdout })
  for await (const line of lines) {
    const url = /https?:\/\/\S+/.exec(line)?.[0]
    if (url !== undefined) return { url, folder, server }
  }
  throw new Error('serve ended before it printed its address')
}

type Environment = Readonly<Record<string, string>>

export const test = base.extend<{ workbench: Workbench; serverEnv: Environment }>({
  /** What the server finds in its environment besides. */
  serverEnv: [{}, { option: true }],
  workbench: async ({ page, serverEnv }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'workbench-e2e-'))
    const workbench = await start(folder, serverEnv)
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await use(workbench)
    workbench.server.kill('SIGTERM')
    if (workbench.server.exitCode === null) await once(workbench.server, 'exit')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    expect(errors, 'uncaught errors on the page').toEqual([])
  },
})

export { expect }
