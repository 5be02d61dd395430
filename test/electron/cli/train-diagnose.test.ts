import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { ensureBuilt, runCommand } from '../command-line'

const typed = z.looseObject({ type: z.string() })

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'diagnose-'))
  await ensureBuilt()
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

function diagnose(preset: string, ...more: readonly string[]) {
  const small = ['--set', 'dataset.trainSize=2000', '--set', 'training.epochs=1']
  return runCommand('train', preset, '--diagnose', '--runs', folder, ...small, ...more)
}

it('with --json come the depth profile, the layers and, before the end, the verdict', async () => {
  const looks = ['--set', 'training.diagnoseEvery=20']
  const { code, lines } = await diagnose('dead-relu', '--json', '--log-every', '1000', ...looks)
  expect(code).toBe(0)
  const objects = lines.map((line) => typed.parse(JSON.parse(line)))
  expect(objects.map(({ type }) => type)).toEqual([
    ...['depthProfile', 'layers', 'layers', 'epoch', 'verdict', 'done'],
  ])
  expect(objects.at(-2)).toMatchObject({
    kind: 'deadUnits',
    layer: '1',
    remedies: [{ kind: 'resetBias' }, { kind: 'useLeakyReLU' }, { kind: 'lowerRate' }],
  })
})

it('a person reads what is wrong and how to change it, also after NaN', async () => {
  const { code, lines, stderr } = await diagnose('not-a-number')
  expect({ code, lines }).toEqual({ code: 4, lines: [] })
  expect(stderr).toContain('Layer 0 (Linear) gave a value that is not a finite number at step 1')
  expect(stderr).toContain("--set 'optimizer.eps=1e-8'")
})
