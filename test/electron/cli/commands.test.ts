import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ensureBuilt, runCommand } from '../command-line'
import { noGpu } from '../software-gpu'
import { small, stepLine } from './train-lines'

const BUILD_MILLISECONDS = 120_000
const RUN_MILLISECONDS = 60_000

let folder: string
let runs: readonly string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  runs = ['--runs', join(folder, 'runs')]
  await ensureBuilt()
}, BUILD_MILLISECONDS)

afterAll(async () => {
  await rm(folder, { recursive: true })
})

describe(
  'for a person',
  () => {
    it('a training that is piped tells one line an epoch, all on stderr', async () => {
      const { code, lines, stderr } = await runCommand(
        ...['train', 'starter', ...small, ...runs, '--set', 'training.epochs=2'],
      )
      expect(code).toBe(0)
      expect(lines).toEqual([])
      expect(stderr.match(/^epoch \d {2}loss .*images\/s$/gm)).toHaveLength(2)
      expect(stderr).toMatch(/^test accuracy \d\d\.\d\d %/m)
      expect(stderr).not.toContain('\r')
    })

    it.each([
      ...['train', 'validate', 'range-test', 'evaluate', 'predict', 'runs', 'probe', 'serve'],
      ...['export', 'bench'],
    ])('%s explains itself', async (command) => {
      const { code, stderr } = await runCommand(command, '--help')
      expect(code).toBe(0)
      expect(stderr.startsWith(command)).toBe(true)
    })

    it('probe says what the machine has, and as JSON in one object', async () => {
      const { lines } = await runCommand('probe', '--json')
      expect(lines).toHaveLength(1)
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({
        type: 'machine',
        gpus: expect.any(Array) as [],
      })
      const { code, lines: text } = await runCommand('probe')
      expect(code).toBe(0)
      expect(text[0]).toBe('Machine')
    })
  },
  RUN_MILLISECONDS,
)

describe(
  'exit status',
  () => {
    it.each([
      ['an unknown command', ['paint'], 'There is no command "paint"'],
      ['an unknown option', ['train', '--fast'], '--fast'],
      ['a spec that is not there', ['train', 'nowhere.json'], 'nowhere.json'],
      ['a bad field', ['train', '--set', 'training.epochs=0'], 'training.epochs'],
      ['a field that does not exist', ['train', '--set', 'training.speed=9'], 'speed'],
      [
        'a model without ten outputs',
        ['train', '--set', 'model.layers.2.outFeatures=9'],
        'found 9',
      ],
      ['weights that do not fit', ['train', '--init', 'package.json'], 'package.json'],
      [
        'a spec that the GPU does not take',
        ['train', '--device', 'webgpu', '--set', 'optimizer.type=LBFGS'],
        'LBFGS runs on the CPU only',
      ],
      ['a run that is not there', ['train', '--resume', 'nothing'], 'nothing'],
      ['an image that is not there', ['predict', 'x', 'nowhere.png'], 'nowhere.png'],
      ['export, which comes later', ['export', 'x'], 'not part of this version'],
    ])('is 2 for %s, and stderr says why', async (_case, args, reason) => {
      const { code, lines, stderr } = await runCommand(...args)
      expect(code).toBe(2)
      expect(stderr).toContain(reason)
      expect(lines).toEqual([])
    })

    it('is 3 for a device that is not available', async () => {
      for (const [name, value] of Object.entries(noGpu)) vi.stubEnv(name, value)
      const { code, stderr } = await runCommand('train', '--device', 'webgpu', ...runs)
      vi.unstubAllEnvs()
      expect(code).toBe(3)
      expect(stderr).toContain('no GPU driver')
    })

    it('is 4 for a training that diverges, and stderr names layer and step', async () => {
      const { code, stderr, lines } = await runCommand(
        ...['train', ...small, ...runs, '--json', '--log-every', '1'],
        ...['--set', 'optimizer.type=SGD', '--set', 'optimizer.lr=1e30'],
      )
      expect(code).toBe(4)
      expect(stderr).toMatch(/diverged at step \d+: layer \d/)
      for (const line of lines) stepLine.parse(JSON.parse(line))
    })
  },
  RUN_MILLISECONDS,
)
