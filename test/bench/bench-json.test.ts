import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { z } from 'zod'
import { flopsPerImage, IMAGES, standardNets } from '../../electron/bench/standard-nets'

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** What `npm run bench -- --json FILE` promises of the standard nets; nothing else is in it. */
const reportSchema = z.strictObject({
  cpu: z.string().min(1),
  node: z.literal(process.version),
  relaxedSimd: z.boolean(),
  /** GFLOP/s of one thread with 128-bit vectors, measured in the same run. */
  peak: z.number().positive(),
  rows: z.array(
    z.strictObject({
      net: z.string(),
      contender: z.string(),
      threads: z.int().positive(),
      secondsPerEpoch: z.number().positive(),
      scaledFromSteps: z.int().positive(),
      imagesPerSecond: z.number().positive(),
      gflops: z.number().positive(),
      shareOfPeak: z.number().positive(),
      spread: z.number().min(1),
      ratios: z.strictObject({}),
    }),
  ),
})

it('npm run bench writes the table also as JSON: a row a net, backend and number of threads', () => {
  const file = join(folder, 'report.json')
  const args = ['--nets', '2', '--backends', 'cpu', '--threads', '1,2', '--repeats', '1']
  const child = spawnSync(process.execPath, ['test/bench/run.mjs', ...args, '--json', file])
  expect(child.stderr.toString()).toBe('')
  expect(child.status).toBe(0)
  const { peak, rows } = reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const nets = standardNets.filter(({ number }) => number === 2)
  expect(rows.map(({ net, threads }) => [net, threads])).toEqual(
    nets.flatMap(({ name }) => [1, 2].map((threads) => [name, threads])),
  )
  const table = child.stdout.toString()
  for (const row of rows) {
    const net = nets.find(({ name }) => name === row.net)
    if (net === undefined) throw new RangeError(row.net)
    expect(row.imagesPerSecond * row.secondsPerEpoch).toBeCloseTo(IMAGES, 3)
    const gflops = (flopsPerImage(net) * row.imagesPerSecond) / 1e9
    expect(row.gflops / gflops).toBeCloseTo(1, 2)
    expect(row.shareOfPeak).toBeCloseTo(row.gflops / (peak * row.threads), 6)
    expect(table).toContain(`${row.secondsPerEpoch.toFixed(3)} s/epoch`)
  }
}, 120_000)
