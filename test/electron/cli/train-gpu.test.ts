/** The command line on the GPU of plain Node; here, Chromium's software GPU. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ensureBuilt, runCommand } from '../command-line'
import { softwareGpu } from '../software-gpu'
import { doneLine, small } from './train-lines'

const software = softwareGpu()
let folder: string
let runs: readonly string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-gpu-'))
  runs = ['--runs', join(folder, 'runs')]
  vi.stubEnv('GRADIENT_WORKBENCH_DATA', folder)
  for (const [name, value] of Object.entries(software ?? {})) vi.stubEnv(name, value)
  await ensureBuilt()
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

describe.skipIf(software === null)('with a software GPU', () => {
  it('a run trains on it, says so, and is evaluated on it and on the CPU alike', async () => {
    const trained = await runCommand(
      ...['train', ...small, ...runs, '--device', 'webgpu', '--json', '--set', 'training.epochs=2'],
    )
    expect(trained.code).toBe(0)
    const done = doneLine.parse(JSON.parse(trained.lines.at(-1) ?? 'null'))
    expect(done.device).toBe('webgpu')
    expect(done.testAccuracy).toBeGreaterThan(0.5)
    expect(trained.stderr).toContain('Training on webgpu')
    const environment: unknown = JSON.parse(
      await readFile(join(done.run, 'environment.json'), 'utf8'),
    )
    expect(environment).toMatchObject({
      device: 'webgpu',
      deviceReason: 'asked for',
      backend: expect.stringContaining('software') as string,
    })
    for (const device of ['webgpu', 'cpu']) {
      const evaluated = await runCommand('evaluate', done.run, '--device', device, '--json')
      const { accuracy } = JSON.parse(evaluated.lines[0] ?? 'null') as { accuracy: number }
      expect(accuracy).toBeCloseTo(done.testAccuracy, 3)
    }
  })
})
