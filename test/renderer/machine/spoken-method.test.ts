import { expect, it } from 'vitest'
import { Arena } from '#core/backend/cpu/arena'
import type { Leaf } from '#core/contract/machine'
import { leavesFrom } from '#core/machine/measured'
import { measureCpu } from '../../../electron/probe/measure'
import { spokenMethod, spokenSource } from '../../../renderer/machine/spoken-method'
import type { RecordedMachine } from '../../electron/probe/recorded-host'
import { recordedReport } from './recorded-report'

const machines = Object.values(
  import.meta.glob<RecordedMachine>('../../electron/probe/machines/*.ts', {
    eager: true,
    import: 'machine',
  }),
)

/** Words that no file, field or tool is called. */
const PROSE =
  /\b(the|of|and|is|are|by|from|not|needs?|only|with|it|its|has|no|all|as|to|may|than|or|every|about|told|listed|answer(ed)?|one|channels|threads?)\b/i

function isLeaf(value: object): value is Leaf {
  return 'confidence' in value && 'method' in value
}

/** Every method, reason, source and detail in a report. */
function textsOf(value: unknown): readonly (readonly ['method' | 'source', string])[] {
  if (typeof value !== 'object' || value === null) return []
  if (isLeaf(value))
    return [
      ['method', value.method],
      ['source', value.source],
      ...(value.conflicts ?? []).map(({ source }) => ['source', source] as const),
    ]
  if ('prober' in value && 'detail' in value)
    return [
      ['source', String(value.prober)],
      ['method', String(value.detail)],
    ]
  return Object.values(value).flatMap(textsOf)
}

it('says in Chinese where each value of each recorded machine comes from', async () => {
  const reports = await Promise.all(machines.map(recordedReport))
  const measured = await measureCpu({
    threads: 2,
    measure: () => Promise.resolve({ copyRate: 9e9, gflops: 50 }),
    signal: new AbortController().signal,
  })
  const texts = [...reports, measured].flatMap(textsOf)
  expect(texts.length).toBeGreaterThan(3000)
  for (const [kind, text] of texts) {
    // Names of machines are as their makers wrote them.
    if (/^(listed for|from the (model|slot names)) /.test(text)) {
      expect(spokenMethod(text, 'zh-CN')).toMatch(/^(表中|由型号|由插槽名)/)
      continue
    }
    const spoken = (kind === 'method' ? spokenMethod : spokenSource)(text, 'zh-CN')
    // In brackets is what the tool answered.
    expect(spoken.replace(/\[.*?\]/g, ''), text).not.toMatch(PROSE)
    expect(spokenMethod(text, 'en')).toBe(text)
  }
})

it('says in Chinese why a net does not fit', () => {
  let said = ''
  try {
    new Arena().reserve(5e9)
  } catch (error) {
    said = error instanceof Error ? error.message : ''
  }
  expect(said).toContain('4 GiB')
  expect(spokenMethod(said, 'zh-CN')).toMatch(/^这个模型用这个批量在 CPU 上需要超过 4 GiB/)
})

it('joins the reasons of several sources', () => {
  const unknown = leavesFrom('x')(null, null, 'not told by CIM (speed); not told by udev (type)')
  expect(spokenMethod(unknown.method, 'zh-CN')).toBe('CIM没有给出（速度）；udev没有给出（类型）')
})
