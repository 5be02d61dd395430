import { describe, expect, test } from 'vitest'
import type { Leaf, MachineReport } from '#core/machine/report'
import { formatMachine } from '#core/machine/format-report'
import { probeMachine } from '../../../electron/probe/probe'
import { recordedHost, type ExpectedLeaf, type RecordedMachine } from './recorded-host'

const machines = Object.entries(
  import.meta.glob<RecordedMachine>('./machines/*.ts', { eager: true, import: 'machine' }),
).map(([path, machine]) => ({ name: path.replace(/^.*\/(.*)\.ts$/, '$1'), machine }))

describe.each(machines)('$name', ({ machine }) => {
  const probe = () => probeMachine({ host: recordedHost(machine), timeoutMs: 1000 })

  test('shows the values of the real machine', async () => {
    const report = await probe()
    const found = Object.fromEntries(
      Object.keys(machine.expected).map((path) => [path, leafAt(report, path).value]),
    )
    expect(found).toEqual(matchers(machine.expected))
    expect(report.gpus).toHaveLength(machine.gpus)
  })

  test('has no leaf without a source, and no zero where nothing is known', async () => {
    for (const { path, leaf } of leavesOf(await probe())) {
      expect(leaf.source, path).not.toBe('')
      expect(leaf.method, path).not.toBe('')
      expect(leaf.confidence === 'unknown', path).toBe(leaf.value === null)
      if (typeof leaf.value === 'number') expect(leaf.value, path).toSatisfy(isPlausible(path))
    }
  })

  test('can be printed', async () => {
    const text = formatMachine(await probe())
    expect(text).not.toMatch(/undefined|NaN|\[object/)
  })
})

test('at least 25 machines are recorded', () => {
  expect(machines.length).toBeGreaterThanOrEqual(25)
})

/** Only what is counted or used at this moment can be zero. */
function isPlausible(path: string): (value: number) => boolean {
  const mayBeZero = /\/(memoryUsed|utilization|temperature)$/.test(path)
  return (value) => Number.isFinite(value) && (mayBeZero ? value >= 0 : value > 0)
}

function matchers(expected: Readonly<Record<string, ExpectedLeaf>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(expected).map(([path, value]) => [path, matcher(value)]))
}

function matcher(value: ExpectedLeaf): unknown {
  if (typeof value === 'number') return within(value)
  if (typeof value !== 'string') return value
  return expect.toSatisfy(
    (found: unknown) => (Array.isArray(found) ? found.join(',') : found) === value,
    value,
  ) as unknown
}

/** Published figures are rounded: 1 %. */
function within(value: number): unknown {
  const close = (found: unknown) =>
    typeof found === 'number' && Math.abs(found - value) <= 0.01 * Math.abs(value)
  return expect.toSatisfy(close, `${value} within 1 %`) as unknown
}

function leafAt(report: MachineReport, path: string): Leaf {
  const leaf = leavesOf(report).find((entry) => entry.path === path)?.leaf
  if (leaf === undefined) throw new Error(`no leaf ${path} in the report`)
  return leaf
}

function leavesOf(
  report: MachineReport,
): readonly { readonly path: string; readonly leaf: Leaf }[] {
  const { host, os, cpu, memory, disk, modules, gpus, webgpu } = report
  const records = {
    host,
    os,
    cpu,
    memory,
    disk,
    ...Object.fromEntries(modules.map((record, i) => [`modules/${i}`, record])),
    ...Object.fromEntries(gpus.map((record, i) => [`gpus/${i}`, record])),
    ...Object.fromEntries(webgpu.map((record, i) => [`webgpu/${i}`, record])),
  }
  return Object.entries(records).flatMap(([name, record]) =>
    Object.entries(record as Record<string, Leaf>).map(([key, leaf]) => ({
      path: `${name}/${key}`,
      leaf,
    })),
  )
}
