import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { readSafetensors } from '#core/tensor/safetensors'
import { readMnist } from '../../mnist'
import { ensureBuilt, runCommand, type Ended } from '../command-line'
import { doneLine, epochLine, small, trainLine } from './train-lines'

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
  'a small training',
  () => {
    let ended: Ended
    let run: string

    beforeAll(async () => {
      const spec = join(folder, 'spec.json')
      const layers = [
        { type: 'Linear', outFeatures: 16 },
        { type: 'ReLU' },
        { type: 'Linear', outFeatures: 10 },
      ]
      await writeFile(spec, JSON.stringify({ version: 1, name: 'small', model: { layers } }))
      ended = await runCommand(
        ...['train', spec, ...runs, '--json', '--log-every', '10', '--set', 'training.epochs=2'],
        ...['--set', 'dataset.trainSize=2500', '--set', 'dataset.valSize=500'],
      )
      const done = doneLine.safeParse(JSON.parse(ended.lines.at(-1) ?? 'null'))
      run = done.data?.run ?? ''
    }, RUN_MILLISECONDS)

    it('ends with status 0 and prints the promised lines, and nothing else', () => {
      expect(ended.code).toBe(0)
      const lines = ended.lines.map((line) => trainLine.parse(JSON.parse(line)))
      expect(lines.map((line) => (line.type === 'step' ? line.step : line.type))).toEqual([
        ...[10, 20, 30, 'epoch', 40, 50, 60, 'epoch', 'done'],
      ])
    })

    it('learns, and validates on the images split off', () => {
      const epochs = ended.lines.flatMap((line) => epochLine.safeParse(JSON.parse(line)).data ?? [])
      expect(epochs[1]?.trainLoss).toBeLessThan(epochs[0]?.trainLoss ?? 0)
      expect(epochs[1]?.valAccuracy).toBeGreaterThan(0.6)
    })

    it('leaves a complete run folder', async () => {
      const file = async (name: string): Promise<unknown> =>
        JSON.parse(await readFile(join(run, name), 'utf8'))
      expect(await file('spec.json')).toMatchObject({ version: 1, name: 'small' })
      expect(await file('environment.json')).toMatchObject({ device: 'cpu' })
      expect(await file('summary.json')).toMatchObject({ status: 'finished', steps: 64 })
      const model = readSafetensors(await readFile(join(run, 'model.safetensors')))
      const shapes = model.ok
        ? [...model.value.tensors].map(([name, { shape }]) => [name, shape])
        : model.error
      expect(shapes).toEqual([
        ['0.weight', [16, 784]],
        ['0.bias', [16]],
        ['2.weight', [10, 16]],
        ['2.bias', [10]],
      ])
    })

    it('is listed', async () => {
      const { code, lines } = await runCommand('runs', ...runs, '--json')
      expect(code).toBe(0)
      expect(lines.map((line): unknown => JSON.parse(line))).toContainEqual(
        expect.objectContaining({ type: 'run', id: basename(run), status: 'finished', epochs: 2 }),
      )
    })

    it('evaluate gives the same test figures as the training did', async () => {
      const { code, lines } = await runCommand('evaluate', basename(run), ...runs, '--json')
      expect(code).toBe(0)
      const done = doneLine.parse(JSON.parse(ended.lines.at(-1) ?? ''))
      const evaluation = z
        .strictObject({
          type: z.literal('evaluation'),
          run: z.literal(run),
          split: z.literal('test'),
          loss: z.literal(done.testLoss),
          accuracy: z.literal(done.testAccuracy),
          confusion: z.array(z.array(z.int()).length(10)).length(10),
        })
        .parse(JSON.parse(lines.join('\n')))
      expect(evaluation.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(10_000)
    })

    it('predict reads PNG files of any size, and finds no digit in an empty one', async () => {
      const { test } = readMnist()
      const [digit, empty] = [join(folder, 'digit.png'), join(folder, 'empty.png')]
      await writeFile(digit, enlarged(test.images.subarray(0, 784), 5))
      await writeFile(empty, enlarged(new Uint8Array(784), 3))
      const { code, lines } = await runCommand('predict', run, digit, empty, '--json')
      expect(code).toBe(0)
      const line = z.strictObject({
        type: z.literal('prediction'),
        image: z.string(),
        digit: z.int().nullable(),
        probabilities: z.array(z.number()).length(10),
      })
      const [read, none] = lines.map((text) => line.parse(JSON.parse(text)))
      expect(read).toMatchObject({ image: digit, digit: test.labels[0] })
      expect(none).toMatchObject({ image: empty, digit: null })
    })

    it('its weights can be the first weights of another training', async () => {
      const init = ['--init', join(run, 'model.safetensors')]
      const more = await runCommand(
        ...['train', ...small, ...runs, ...init, '--set', 'training.epochs=1', '--json'],
      )
      const first = epochLine.parse(JSON.parse(more.lines[0] ?? ''))
      expect(first.trainAccuracy).toBeGreaterThan(0.75)
    })
  },
  RUN_MILLISECONDS,
)

/** Black ink on white paper, each pixel a square of `scale` by `scale`. */
function enlarged(pixels: Uint8Array, scale: number): Buffer {
  const side = 28 * scale
  const png = new PNG({ width: side, height: side })
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1) {
      const ink = pixels[Math.floor(y / scale) * 28 + Math.floor(x / scale)] ?? 0
      png.data.fill(255 - ink, 4 * (y * side + x), 4 * (y * side + x) + 3)
      png.data[4 * (y * side + x) + 3] = 255
    }
  return PNG.sync.write(png)
}
