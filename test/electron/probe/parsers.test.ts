import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Leaf } from '#core/machine/report'
import { parseChromiumGpuInfo } from '../../../electron/probe/parsers/chromium-gpu-info'
import { parseDmidecode } from '../../../electron/probe/parsers/dmidecode'
import { parseDriverQuery } from '../../../electron/probe/parsers/driver-query'
import { DEVICE_FILES, parseDrmDevice } from '../../../electron/probe/parsers/drm-sysfs'
import { parseLspci } from '../../../electron/probe/parsers/lspci'
import { parseMacProfiler } from '../../../electron/probe/parsers/mac-profiler'
import { parseMacSysctl } from '../../../electron/probe/parsers/mac-sysctl'
import { parseVmStat } from '../../../electron/probe/parsers/mac-vm-stat'
import { ALL_FIELDS, parseNvidiaSmi } from '../../../electron/probe/parsers/nvidia-smi'
import { parseOsRelease } from '../../../electron/probe/parsers/os-release'
import { parseCpuinfo } from '../../../electron/probe/parsers/proc-cpuinfo'
import { parseMeminfo } from '../../../electron/probe/parsers/proc-meminfo'
import { parseSmbios } from '../../../electron/probe/parsers/smbios'
import { parseSysfsCpu } from '../../../electron/probe/parsers/sysfs-cpu'
import { parseUdevDmi } from '../../../electron/probe/parsers/udev-dmi'
import { parseVulkaninfo } from '../../../electron/probe/parsers/vulkaninfo'
import { parseWindowsCim } from '../../../electron/probe/parsers/windows-cim'
import { parseWindowsRegistry } from '../../../electron/probe/parsers/windows-registry'
import { machine as armServer } from './machines/ampere-arm-server'
import { machine as intelMac } from './machines/intel-mac'
import { machine as laptop } from './machines/laptop-two-gpus-windows'
import { machine as server } from './machines/epyc-server-root'
import { machine as desktop } from './machines/rtx-4090-linux'
import { machine as windows } from './machines/rx-6600-windows'
import { machine as radeon } from './machines/rx-7900-xtx-linux'
import { machine as vm } from './machines/vm-without-gpu'
import { appleTools } from './apple'
import type { RecordedMachine } from './recorded-host'

const mac = appleTools({
  name: 'Apple M3 Pro',
  gpuCores: 18,
  performance: 6,
  efficiency: 6,
  memoryGib: 36,
  type: 'LPDDR5',
  wiredLimitMb: 30_000,
})
const parsers = [
  ['nvidia-smi', (text) => parseNvidiaSmi(text, ALL_FIELDS), stdout(desktop, 'nvidia-smi')],
  ['lspci', parseLspci, stdout(desktop, 'lspci')],
  ['vulkaninfo', parseVulkaninfo, stdout(desktop, 'vulkaninfo')],
  ['driver query', parseDriverQuery, stdout(radeon, 'python3')],
  ['dmidecode', parseDmidecode, stdout(armServer, 'dmidecode')],
  ['udev', parseUdevDmi, file(desktop, '/run/udev/data/+dmi:id')],
  ['/proc/cpuinfo', parseCpuinfo, file(vm, '/proc/cpuinfo')],
  ['/proc/meminfo', parseMeminfo, file(vm, '/proc/meminfo')],
  ['os-release', parseOsRelease, file(vm, '/etc/os-release')],
  ['CIM', parseWindowsCim, stdout(laptop, 'powershell')],
  ['registry', parseWindowsRegistry, stdout(windows, 'reg')],
  ['system_profiler', parseMacProfiler, stdout(intelMac, 'system_profiler')],
  ['sysctl', parseMacSysctl, textOf(mac.sysctl)],
  ['vm_stat', parseVmStat, textOf(mac.vm_stat)],
] satisfies readonly (readonly [string, (text: string) => unknown, string])[]

describe.each(parsers)('the parser of %s', (_, parse, sample) => {
  test('understands its sample', () => {
    expect(leavesIn(parse(sample)).filter(({ leaf }) => leaf.value !== null)).not.toHaveLength(0)
  })

  test('makes nothing of garbage', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(parse(text)).toBeNull()
      }),
    )
  })

  test('says of a text cut short nothing that the whole text does not say', () => {
    const whole = new Map(leavesIn(parse(sample)).map(({ path, leaf }) => [path, leaf.value]))
    for (let length = 0; length <= sample.length; length++) {
      for (const { path, leaf } of leavesIn(parse(sample.slice(0, length)))) {
        expectPartOf(whole.get(path), { path, leaf })
      }
    }
  })

  test('neither throws nor gives an impossible value for a damaged text', () => {
    const position = fc.integer({ min: 0, max: sample.length - 1 })
    const damage = fc.record({ position, text: fc.string({ unit: 'binary', maxLength: 3 }) })
    fc.assert(
      fc.property(fc.array(damage, { maxLength: 8 }), (damages) => {
        const damaged = damages.reduce(
          (text, { position, text: insert }) =>
            text.slice(0, position) + insert + text.slice(position + insert.length),
          sample,
        )
        leavesIn(parse(damaged)).forEach(expectPossible)
      }),
    )
  })
})

describe('the SMBIOS parser', () => {
  const table = server.files?.['/sys/firmware/dmi/tables/DMI'] as Uint8Array

  test('neither throws nor gives an impossible value for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        leavesIn(parseSmbios(bytes)).forEach(expectPossible)
      }),
    )
  })

  test('says of a table cut short nothing that the whole table does not say', () => {
    const whole = new Map(leavesIn(parseSmbios(table)).map(({ path, leaf }) => [path, leaf.value]))
    fc.assert(
      fc.property(fc.integer({ min: 0, max: table.length }), (length) => {
        for (const { path, leaf } of leavesIn(parseSmbios(table.subarray(0, length)))) {
          expectPartOf(whole.get(path), { path, leaf })
        }
      }),
    )
  })
})

test('parsers of many small files take any text in each of them', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('0x10de', '0x030000', '255', '-1', '0', '64K'))
  const files = fc.record(Object.fromEntries(DEVICE_FILES.map((name) => [name, text])))
  fc.assert(
    fc.property(files, text, text, (device, driver, ids) => {
      const part = parseDrmDevice({
        address: '0000:01:00.0',
        driver,
        files: device,
        amdgpuIds: ids,
      })
      leavesIn(part).forEach(expectPossible)
    }),
  )
  const thread = fc.record({ siblings: text, capacity: text, l3Size: text, l3Shared: text })
  const cache = fc.record({ level: text, type: text, size: text })
  fc.assert(
    fc.property(
      fc.array(thread, { maxLength: 4 }),
      fc.array(cache, { maxLength: 4 }),
      text,
      (threads, caches, other) => {
        const part = parseSysfsCpu({ threads, caches, performanceCpus: other, maxFrequency: other })
        leavesIn(part).forEach(expectPossible)
      },
    ),
  )
})

test("Chromium's answer may be anything", () => {
  fc.assert(
    fc.property(fc.anything(), (info) => {
      leavesIn(parseChromiumGpuInfo(info)).forEach(expectPossible)
      leavesIn(parseChromiumGpuInfo({ gpuDevice: [info] })).forEach(expectPossible)
    }),
  )
})

interface FoundLeaf {
  readonly path: string
  readonly leaf: Leaf
}

function leavesIn(value: unknown, path = ''): readonly FoundLeaf[] {
  if (typeof value !== 'object' || value === null) return []
  if ('confidence' in value && 'method' in value) return [{ path, leaf: value as Leaf }]
  return Object.entries(value).flatMap(([key, child]) => leavesIn(child, `${path}/${key}`))
}

/** A name may be shorter, a list may end sooner; a number is the same or unknown. */
function expectPartOf(
  whole: Leaf['value'] | undefined,
  { path, leaf: { value } }: FoundLeaf,
): void {
  if (value === null) return
  const said = typeof value === 'string' ? String(whole).slice(0, value.length) : whole
  expect(value, path).toEqual(said)
}

function expectPossible({ path, leaf }: FoundLeaf): void {
  expect(leaf.confidence === 'unknown', path).toBe(leaf.value === null)
  if (typeof leaf.value !== 'number') return
  const lowest = /(memoryUsed|utilization|temperature|available)$/.test(path)
    ? -1000
    : Number.MIN_VALUE
  expect(leaf.value, path).toBeGreaterThanOrEqual(lowest)
  expect(leaf.value, path).toBeLessThan(Infinity)
}

function textOf(answer: unknown): string {
  if (typeof answer === 'string') return answer
  return (answer as { readonly stdout: string }).stdout
}
function stdout(machine: RecordedMachine, command: string): string {
  return textOf(machine.commands?.[command])
}
function file(machine: RecordedMachine, path: string): string {
  return machine.files?.[path] as string
}
