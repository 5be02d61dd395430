import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ensureBuilt, runCommand } from '../command-line'
import { doneLine, epochLine, small } from './train-lines'

const MILLISECONDS = 60_000

let folder: string
let place: readonly string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'specs-'))
  place = ['--runs', folder, '--device', 'cpu']
  await ensureBuilt()
}, 2 * MILLISECONDS)

afterAll(async () => {
  await rm(folder, { recursive: true })
})

const set = (...assignments: readonly string[]) => assignments.flatMap((one) => ['--set', one])

describe('validate', () => {
  it('names errors and warnings with the option that cures them, and ends with 2', async () => {
    const bad = set('optimizer.type=Rprop', 'loss.weight=[1,2]')
    const { code, lines } = await runCommand('validate', 'starter', ...bad)
    expect(code).toBe(2)
    expect(lines).toEqual([
      'error    loss.weight: needs 10 numbers, one a class; found 2',
      expect.stringMatching(
        /^warning {2}training\.batchSize: Rprop .* \(--set 'training\.batchSize="full"'\)$/,
      ),
    ])
  })

  it('gives the same as JSON, and ends with 0 where nothing keeps the run from starting', async () => {
    const { code, lines } = await runCommand(
      ...['validate', '--json', ...set('optimizer.lr=0', 'training.epochs=3')],
    )
    expect(code).toBe(0)
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      {
        type: 'issue',
        severity: 'warning',
        path: 'optimizer.lr',
        kind: 'zeroRate',
        message: expect.stringContaining('changes no weight') as string,
        fix: { kind: 'set', path: 'optimizer.lr', value: 0.001 },
      },
      { type: 'done', errors: 0, warnings: 1, parameters: 101_770 },
    ])
  })

  it('reads a document that is no spec, and has nothing against the starter', async () => {
    const bad = await runCommand('validate', ...set('optimizer.weight_decay=1'))
    expect(bad.code).toBe(2)
    expect(bad.lines).toEqual([
      expect.stringMatching(/^error .*no field "weight_decay"; allowed: .*weightDecay/),
    ])
    const good = await runCommand('validate')
    expect(good).toMatchObject({
      code: 0,
      lines: ['Nothing is wrong: 101,770 parameters, 10 epochs.'],
    })
  })
})

describe('range-test', () => {
  const point = z.strictObject({ type: z.literal('point'), lr: z.number(), loss: z.number() })
  const done = z.strictObject({
    type: z.literal('done'),
    lr: z.number(),
    divergesAt: z.number().nullable(),
    problem: z.null(),
  })

  it('prints a point a rate, and proposes one below where the loss runs away', async () => {
    const { code, lines } = await runCommand('range-test', ...small, ...place, '--json')
    expect(code).toBe(0)
    const points = lines.slice(0, -1).map((line) => point.parse(JSON.parse(line)))
    expect(points[0]?.lr).toBe(1e-6)
    expect(points.length).toBeGreaterThan(50)
    const { lr, divergesAt } = done.parse(JSON.parse(lines.at(-1) ?? ''))
    expect(lr).toBeGreaterThan(1e-4)
    expect(lr).toBeLessThan(divergesAt ?? 0)
  })

  it('says to a person which option to take, and refuses what is no range', async () => {
    const some = ['--from', '1e-4', '--to', '0.1', '--steps', '24']
    const { code, lines } = await runCommand('range-test', ...small, ...place, ...some)
    expect(code).toBe(0)
    expect(lines.at(-1)).toMatch(/Take it with: --set optimizer\.lr=\d/)
    const { code: refused, stderr } = await runCommand('range-test', '--from', '3', '--to', '1')
    expect(refused).toBe(2)
    expect(stderr).toContain('--from must be smaller than --to')
  })
})

describe('train', () => {
  it('warns of what is rarely meant and trains all the same', async () => {
    const layers = '[{"type":"Linear","outFeatures":10},{"type":"Softmax"}]'
    const { code, stderr } = await runCommand(
      ...['train', ...place, ...set(`model.layers=${layers}`, 'dataset.trainSize=500')],
      ...set('training.epochs=1', 'optimizer.type=Rprop'),
    )
    expect(code).toBe(0)
    expect(stderr).toMatch(/^Warning: model\.layers\.1: .* Remove the Softmax layer$/m)
    expect(stderr).toMatch(/^Warning: training\.batchSize: Rprop .*"full"'\)$/m)
  })

  const groups = [
    '{"match":{"kind":"biasesAndNorms"},"weightDecay":0}',
    '{"match":{"kind":"layer","layer":2},"lr":0.01}',
  ].join()

  it.each([
    ['regression to the one-hot row', ['loss.type=MSELoss']],
    ['a label for each class', ['loss.type=BCEWithLogitsLoss', 'optimizer.lr=0.005']],
    ['groups of parameters', ['optimizer.type=AdamW', `optimizer.paramGroups=[${groups}]`]],
    [
      'an average from epoch 1 on, clipping and max-norm',
      [
        'training.averaging={"type":"SWA","startEpoch":1,"swaLr":0.0005}',
        ...['training.clipGradNorm=1', 'training.clipGradValue=0.1', 'training.maxNorm=2'],
      ],
    ],
    ['an average over all steps', ['training.averaging={"type":"EMA","decay":0.95}']],
  ] as const)('%s', async (_what, assignments) => {
    const { code, lines } = await runCommand(
      ...['train', ...small, ...place, ...set('training.epochs=4', ...assignments)],
      ...['--json', '--log-every', '1000'],
    )
    expect(code).toBe(0)
    expect(doneLine.parse(JSON.parse(lines.at(-1) ?? '')).testAccuracy).toBeGreaterThan(0.75)
  })

  it('stops early and keeps the best weights, which evaluate finds too', async () => {
    const { code, lines } = await runCommand(
      ...['train', ...small, ...place, ...set('dataset.valSize=500', 'optimizer.lr=0.02')],
      ...set('training.epochs=60', 'training.earlyStopping={"patience":1}'),
      ...['--json', '--log-every', '1000'],
    )
    expect(code).toBe(0)
    const epochs = lines.flatMap((line) => epochLine.safeParse(JSON.parse(line)).data ?? [])
    expect(epochs.length).toBeLessThan(60)
    const best = epochs.reduce((a, b) => ((b.valLoss ?? 0) < (a.valLoss ?? 0) ? b : a))
    expect(best.epoch).toBeLessThan(epochs.at(-1)?.epoch ?? 0)
    const { run } = doneLine.parse(JSON.parse(lines.at(-1) ?? ''))
    const found = await runCommand('evaluate', run, '--split', 'val', '--json')
    const { loss } = z.looseObject({ loss: z.number() }).parse(JSON.parse(found.lines[0] ?? ''))
    expect(loss).toBeCloseTo(best.valLoss ?? NaN, 6)
  })
})
