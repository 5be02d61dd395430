import type { GpuReport, MemoryReport } from '#core/machine/report'
import type { Evidence } from '#core/machine/evidence'
import { vendorByName, vendorByPciId } from '#core/machine/gpu-identity'
import { leavesFrom } from '#core/machine/measured'
import type { Part } from '#core/machine/merge'
import { isObject, objectsIn, parseJson, textIn, type JsonObject } from './json'
import { memoryTypeByName, moduleEvidence, plausibleText } from './memory-modules'
import { GIB, KIB, MIB, parsePositive, times } from './numbers'

const leaf = leavesFrom('system_profiler')

/** Parses `system_profiler -json SPDisplaysDataType SPMemoryDataType SPHardwareDataType`. Null for anything else. */
export function parseMacProfiler(stdout: string): Evidence | null {
  const answer = parseJson(stdout)
  if (!isObject(answer)) return null
  const { SPDisplaysDataType: displays, SPMemoryDataType: memory } = answer
  if (displays === undefined && memory === undefined) return null
  const hardware = objectsIn(answer.SPHardwareDataType)[0] ?? {}
  const modules = modulesOf(objectsIn(memory))
  return {
    host: { model: leaf(textIn(hardware, 'machine_name'), null, 'machine_name') },
    cpu: { name: leaf(textIn(hardware, 'chip_type'), null, 'chip_type') },
    gpus: objectsIn(displays).flatMap(gpuOf),
    memory: { ...soldered(objectsIn(memory)), ...modules?.memory },
    ...(modules?.modules === undefined ? {} : { modules: modules.modules }),
  }
}

function gpuOf(display: JsonObject): readonly Part<GpuReport>[] {
  const name = chipName(textIn(display, 'sppci_model') ?? textIn(display, '_name'))
  if (name === null) return []
  const vendorText = textIn(display, 'spdisplays_vendor') ?? ''
  const vendorId = /0x([0-9a-f]{4})/i.exec(vendorText)?.[1]
  const vendor =
    (vendorId === undefined ? null : vendorByPciId(vendorId)) ??
    vendorByName(`${vendorText} ${name}`)
  const own = sizeOf(textIn(display, 'spdisplays_vram') ?? textIn(display, '_spdisplays_vram'))
  const shared = sizeOf(textIn(display, 'spdisplays_vram_shared'))
  const metal = metalOf(display)
  return [
    {
      name: leaf(name, null, 'sppci_model'),
      vendor: leaf(vendor, null, 'spdisplays_vendor or the name'),
      cores: leaf(parsePositive(textIn(display, 'sppci_cores') ?? undefined), null, 'sppci_cores'),
      ...(own === null ? {} : { memoryTotal: leaf(own, 'bytes', 'spdisplays_vram') }),
      ...(shared === null
        ? {}
        : {
            memoryShared: leaf(shared, 'bytes', 'spdisplays_vram_shared: a limit on system memory'),
          }),
      ...(metal === null ? {} : { apis: leaf([metal], null, 'Metal support') }),
    },
  ]
}

/** The first system for Apple chips called them 'kHW_AppleM1Item'. */
function chipName(text: string | null): string | null {
  const [, chip, variant] = /^kHW_Apple(M\d+)(Pro|Max|Ultra)?Item$/.exec(text ?? '') ?? []
  if (chip === undefined) return text
  return `Apple ${chip}${variant === undefined ? '' : ` ${variant}`}`
}

function metalOf(display: JsonObject): string | null {
  const text =
    textIn(display, 'spdisplays_mtlgpufamilysupport') ??
    textIn(display, 'spdisplays_metalfamily') ??
    textIn(display, 'spdisplays_metal')
  if (text === null || /not_?supported/i.test(text)) return null
  const version = /metal(\d)$/.exec(text)?.[1]
  return version === undefined ? 'Metal' : `Metal ${version}`
}

/** Apple silicon: one entry with a type, no slots and no speed. */
function soldered(memory: readonly JsonObject[]): Part<MemoryReport> {
  const entry = memory.find((candidate) => textIn(candidate, 'dimm_type') !== null)
  const type = textIn(entry ?? {}, 'dimm_type')?.replace(/^lp_ddr/i, 'LPDDR')
  const name = memoryTypeByName(type)
  return name === null ? {} : { type: leaf(name, null, 'dimm_type') }
}

/** Intel Macs: slots below '_items'. */
function modulesOf(memory: readonly JsonObject[]): Evidence | null {
  const slots = memory.flatMap((bank) => objectsIn(bank._items))
  const populated = slots.flatMap((slot) => {
    const size = sizeOf(textIn(slot, 'dimm_size'))
    if (size === null) return []
    const speed = /^(\d+) (?:MHz|MT\/s)$/.exec(textIn(slot, 'dimm_speed') ?? '')?.[1]
    return [
      {
        locator: plausibleText(textIn(slot, '_name') ?? undefined),
        bank: null,
        size,
        type: memoryTypeByName(textIn(slot, 'dimm_type') ?? undefined),
        speedRated: null,
        speed: parsePositive(speed),
        dataWidth: null,
        totalWidth: null,
        formFactor: null,
        manufacturer: plausibleText(textIn(slot, 'dimm_manufacturer') ?? undefined),
        partNumber: plausibleText(textIn(slot, 'dimm_part_number') ?? undefined),
      },
    ]
  })
  return moduleEvidence('system_profiler', populated, slots.length || null)
}

const UNITS: Readonly<Record<string, number>> = { KB: KIB, MB: MIB, GB: GIB }

/** '16 GB', '1536 MB': powers of 1024. */
function sizeOf(text: string | null): number | null {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?) (KB|MB|GB)$/.exec(text ?? '') ?? []
  return times(parsePositive(digits), UNITS[unit] ?? NaN)
}
