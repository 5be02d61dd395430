import { beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { CommandLine, ensureBuilt, runCommand } from '../command-line'

beforeAll(ensureBuilt)

const measurement = z.strictObject({
  type: z.literal('measurement'),
  number: z.int(),
  net: z.string(),
  device: z.literal('cpu'),
  threads: z.int(),
  secondsPerEpoch: z.number().positive(),
  scaledFromSteps: z.int().positive(),
  imagesPerSecond: z.number().positive(),
  gflops: z.number().positive(),
  shareOfPeak: z.number().positive(),
  spread: z.number().min(1),
})

const done = z.strictObject({
  type: z.literal('done'),
  cpu: z.string(),
  node: z.string(),
  relaxedSimd: z.boolean(),
  peakGflops: z.number().positive(),
  verdict: z.array(z.string()),
})

const quick = ['bench', '--nets', '2', '--repeats', '1']

it('measures a net with the threads that were asked for, one JSON object a line', async () => {
  const { code, lines } = await runCommand(...quick, '--threads', '1,2', '--json')
  expect(code).toBe(0)
  const objects: unknown[] = lines.map((line) => JSON.parse(line) as unknown)
  const measurements = objects.slice(0, -1).map((object) => measurement.parse(object))
  expect(measurements.map(({ threads }) => threads)).toEqual([1, 2])
  for (const { number, net, secondsPerEpoch, imagesPerSecond } of measurements) {
    expect({ number, net }).toEqual({ number: 2, net: '784-128-10 b64 Adam' })
    expect(secondsPerEpoch * imagesPerSecond).toBeCloseTo(60_000, 3)
  }
  expect(done.parse(objects.at(-1)).verdict[0]).toContain('trains the starter')
})

it('tells a person a table and what it means', async () => {
  const { code, lines } = await runCommand(...quick, '--threads', '1')
  expect(code).toBe(0)
  expect(lines.find((line) => line.startsWith('net '))).toMatch(/threads +s\/epoch +images\/s/)
  expect(lines.find((line) => line.startsWith('784-128-10 b64 Adam'))).toMatch(/\d %$/)
  expect(lines.at(-1)).toContain('SIMD')
})

it('Ctrl-C while it measures ends it with status 130', async () => {
  const { child, ended } = new CommandLine('bench', '--nets', '5', '--repeats', '100', '--json')
  child.stderr?.on('data', (text: string) => {
    if (text.includes('Measuring')) child.kill('SIGINT')
  })
  const { code, lines, stderr } = await ended
  expect(code).toBe(130)
  expect(stderr).toContain('Cancelled')
  expect(lines).toEqual([])
})

it.each([
  ['a net that is not there', ['--nets', '9'], 'found net 9; allowed: 1, 2, 3, 4, 5'],
  ['threads that are no numbers', ['--threads', 'all'], 'found "all"'],
  ['no repeats', ['--repeats', '0'], 'found "0"'],
  ['an argument', ['starter'], 'found starter'],
])('is 2 for %s, and stderr says why', async (_case, args, reason) => {
  const { code, lines, stderr } = await runCommand('bench', ...args)
  expect(code).toBe(2)
  expect(stderr).toContain(reason)
  expect(lines).toEqual([])
})
