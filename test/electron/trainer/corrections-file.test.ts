import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CorrectionsFile } from '../../../electron/trainer/corrections-file'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corrections-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

it('keeps corrections for the next start, one for each value', async () => {
  const file = new CorrectionsFile(folder)
  expect(await file.load()).toEqual([])
  void file.set('memory/speed', 5600)
  void file.set('memory/channels', 2)
  void file.set('memory/speed', 6000)
  expect(await file.load()).toEqual([
    { path: 'memory/channels', value: 2 },
    { path: 'memory/speed', value: 6000 },
  ])
  expect(await new CorrectionsFile(folder).load()).toHaveLength(2)
})

it('takes a correction back', async () => {
  const file = new CorrectionsFile(folder)
  await file.set('cpu/cores', 8)
  await file.set('cpu/cores', null)
  expect(await file.load()).toEqual([])
})

it('does not stumble over a file that it cannot read', async () => {
  await writeFile(
    join(folder, 'machine-corrections.json'),
    '{"version":1,"overrides":[{"path":"x"}',
  )
  expect(await new CorrectionsFile(folder).load()).toEqual([])
})
