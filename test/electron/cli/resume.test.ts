import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { CommandLine, ensureBuilt, runCommand, type Ended } from '../command-line'
import { doneLine, small } from './train-lines'

const BUILD_MILLISECONDS = 120_000
const RUN_MILLISECONDS = 60_000

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  await ensureBuilt()
}, BUILD_MILLISECONDS)

afterAll(async () => {
  await rm(folder, { recursive: true })
})

describe(
  'an interrupted training',
  () => {
    // Long enough to be caught in the middle of an epoch on any machine.
    const reference = [
      ...['train', '--device', 'reference', '--json', '--log-every', '1', ...small],
      ...['--set', 'training.epochs=3', '--set', 'training.batchSize=20'],
      ...['--set', 'dataset.valSize=200', '--set', 'optimizer.lr=0.002'],
    ]
    const cpu = [
      ...['train', '--device', 'cpu', '--json', '--log-every', '1'],
      ...[
        '--set',
        'dataset.trainSize=30000',
        '--set',
        'training.epochs=3',
        '--set',
        'training.seed=7',
        '--set',
        'optimizer.type=SGD',
      ],
      ...['--set', 'optimizer.lr=0.05', '--set', 'optimizer.momentum=0.9'],
    ]
    const model = (run: string): Promise<Buffer> => readFile(join(run, 'model.safetensors'))
    const runOf = ({ lines }: Ended): string => doneLine.parse(JSON.parse(lines.at(-1) ?? '')).run

    async function interruptAtEpoch(
      epoch: number,
      signal: NodeJS.Signals,
      args: readonly string[],
    ): Promise<Ended> {
      const command = new CommandLine(...args)
      await command.line(
        (line) => line.startsWith('{"type":"step"') && line.includes(`"epoch":${epoch}`),
      )
      command.child.kill(signal)
      return command.ended
    }

    async function onlyRun(where: readonly string[]): Promise<Record<string, unknown>> {
      const { lines } = await runCommand('runs', ...where, '--json')
      expect(lines).toHaveLength(1)
      return z.record(z.string(), z.unknown()).parse(JSON.parse(lines[0] ?? ''))
    }

    it.each([
      ['reference', reference],
      ['cpu', cpu],
    ])(
      'on %s, killed with -9 in an epoch and stopped with Ctrl-C in another, ends with the same weights bit for bit',
      async (device, slow) => {
        const whole = await runCommand(...slow, '--runs', join(folder, device, 'whole'))
        expect(whole.code).toBe(0)

        const where = ['--runs', join(folder, device, 'broken')]
        const killed = await interruptAtEpoch(2, 'SIGKILL', [...slow, ...where])
        expect(killed.signal).toBe('SIGKILL')
        const crashed = await onlyRun(where)
        expect(crashed).toMatchObject({ status: 'crashed', resumable: true })

        const resume = [
          'train',
          '--resume',
          String(crashed['id']),
          ...where,
          '--json',
          '--log-every',
          '1',
        ]
        const stopped = await interruptAtEpoch(3, 'SIGINT', resume)
        expect(stopped.code).toBe(130)
        expect(stopped.stderr).toContain('checkpoint written')
        expect(await onlyRun(where)).toMatchObject({ status: 'stopped', resumable: true })

        const resumed = await runCommand(...resume)
        expect(resumed.code).toBe(0)
        expect((await model(runOf(resumed))).equals(await model(runOf(whole)))).toBe(true)
        expect(await onlyRun(where)).toMatchObject({ status: 'finished', epochs: 3 })
      },
    )
  },
  2 * RUN_MILLISECONDS,
)
