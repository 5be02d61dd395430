import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ensureBuilt } from '../command-line'

/** Node's own switch: its processes have no SharedArrayBuffer, nor have their threads. */
const WITHOUT = '--enable-sharedarraybuffer-per-context'

const folder = mkdtempSync(join(tmpdir(), 'no-shared-memory-'))
beforeAll(ensureBuilt, 120_000)
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** Trains shortly in a process of its own. */
function train(name: string, threads: number, ...flags: readonly string[]) {
  const runs = join(folder, name)
  const args = ['train', 'starter', '--device', 'cpu', '--json', '--runs', runs]
  args.push('--set', 'dataset.trainSize=640', '--set', 'training.epochs=2')
  args.push('--threads', String(threads))
  const child = spawnSync(process.execPath, [...flags, 'electron/cli.mjs', ...args])
  const [id = ''] = readdirSync(runs)
  return {
    status: child.status,
    stderr: child.stderr.toString(),
    losses: child.stdout
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { trainLoss?: number; testLoss?: number })
      .map(({ trainLoss, testLoss }) => [trainLoss, testLoss]),
    environment: readFileSync(join(runs, id, 'environment.json'), 'utf8'),
  }
}

it('where SharedArrayBuffer is missing, training runs on one thread, says so and gives the same numbers', ({
  skip,
}) => {
  const probe = spawnSync(process.execPath, [WITHOUT, '-p', 'typeof SharedArrayBuffer'])
  if (probe.stdout.toString().trim() !== 'undefined')
    skip(`node ${process.version} cannot be started without SharedArrayBuffer`)
  const alone = train('one', 1)
  const unshared = train('unshared', 4, WITHOUT)
  expect(unshared.status).toBe(0)
  expect(unshared.losses.length).toBeGreaterThan(1)
  expect(unshared.losses).toEqual(alone.losses)
  expect(unshared.stderr).toContain('no shared memory in this Node: the CPU device computes on one')
  expect(unshared.environment).toContain('1 thread (no shared memory here, 4 were asked for)')
  expect(alone.stderr).not.toContain('shared memory')
}, 60_000)
