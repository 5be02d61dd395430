import type { CpuReport, GpuReport, HostReport, MemoryReport } from '#core/machine/report'
import type { Evidence } from '#core/machine/evidence'
import { vendorByName, vendorByPciId } from '#core/machine/gpu-identity'
import { kindByName } from '#core/machine/gpu-kind'
import { soldSizes } from '#core/machine/known-gpu'
import { leavesFrom } from '#core/machine/measured'
import type { Part } from '#core/machine/merge'
import { isObject, numberIn, objectsIn, parseJson, textIn, type JsonObject } from './json'
import {
  memoryTypeByCode,
  moduleEvidence,
  plausibleSpeed,
  plausibleText,
  plausibleWidth,
} from './memory-modules'
import { KIB, MIB, positive, times } from './numbers'

const leaf = leavesFrom('CIM')

/** The classes and properties to ask for; the answer has the same keys. */
export const CIM_CLASSES = {
  memory: [
    'Win32_PhysicalMemory',
    'Capacity,Speed,ConfiguredClockSpeed,DataWidth,TotalWidth,SMBIOSMemoryType,FormFactor,PartNumber,Manufacturer,DeviceLocator,BankLabel',
  ],
  arrays: ['Win32_PhysicalMemoryArray', 'MemoryDevices,Use'],
  video: [
    'Win32_VideoController',
    'Name,AdapterCompatibility,AdapterRAM,DriverVersion,PNPDeviceID,ConfigManagerErrorCode',
  ],
  cpu: [
    'Win32_Processor',
    'Name,Manufacturer,NumberOfCores,NumberOfLogicalProcessors,MaxClockSpeed,L3CacheSize',
  ],
  os: [
    'Win32_OperatingSystem',
    'Caption,Version,BuildNumber,TotalVisibleMemorySize,FreePhysicalMemory',
  ],
  system: ['Win32_ComputerSystem', 'Manufacturer,Model'],
} as const

/** Parses the JSON that PowerShell made of these classes. Null when it is none of ours. */
export function parseWindowsCim(stdout: string): Evidence | null {
  const answer = parseJson(stdout)
  if (!isObject(answer) || !Object.keys(CIM_CLASSES).some((key) => key in answer)) return null
  const os = objectsIn(answer.os)[0] ?? {}
  const system = objectsIn(answer.system)[0] ?? {}
  const modules = modulesOf(objectsIn(answer.memory), objectsIn(answer.arrays))
  return {
    host: { model: leaf(modelOf(system), null, 'Win32_ComputerSystem.Model') },
    os: {
      name: leaf(textIn(os, 'Caption'), null, 'Win32_OperatingSystem.Caption'),
      version: leaf(textIn(os, 'Version'), null, 'Win32_OperatingSystem.Version'),
    },
    cpu: { ...cpuOf(objectsIn(answer.cpu)), ...virtualOf(system) },
    memory: { ...systemMemoryOf(os), ...modules?.memory },
    ...(modules?.modules === undefined ? {} : { modules: modules.modules }),
    gpus: objectsIn(answer.video).flatMap(gpuOf),
  }
}

function modulesOf(memory: readonly JsonObject[], arrays: readonly JsonObject[]): Evidence | null {
  const system = arrays.filter((array) => numberIn(array, 'Use') === 3)
  const slots = system.reduce((sum, array) => sum + (numberIn(array, 'MemoryDevices') ?? 0), 0)
  const populated = memory.map((module) => ({
    locator: plausibleText(textIn(module, 'DeviceLocator') ?? undefined),
    bank: plausibleText(textIn(module, 'BankLabel') ?? undefined),
    size: positive(numberIn(module, 'Capacity')),
    type: memoryTypeByCode(numberIn(module, 'SMBIOSMemoryType') ?? 0),
    speedRated: plausibleSpeed(numberIn(module, 'Speed')),
    speed: plausibleSpeed(numberIn(module, 'ConfiguredClockSpeed')),
    dataWidth: plausibleWidth(numberIn(module, 'DataWidth')),
    totalWidth: plausibleWidth(numberIn(module, 'TotalWidth')),
    formFactor: FORM_FACTORS[numberIn(module, 'FormFactor') ?? 0] ?? null,
    manufacturer: plausibleText(textIn(module, 'Manufacturer') ?? undefined),
    partNumber: plausibleText(textIn(module, 'PartNumber') ?? undefined),
  }))
  return moduleEvidence('CIM', populated, slots || null)
}

/** CIM counts form factors in its own way, not as SMBIOS does. */
const FORM_FACTORS: Readonly<Record<number, string>> = { 8: 'DIMM', 12: 'SODIMM' }

function systemMemoryOf(os: JsonObject): Part<MemoryReport> {
  const total = times(positive(numberIn(os, 'TotalVisibleMemorySize')), KIB)
  const available = times(positive(numberIn(os, 'FreePhysicalMemory')), KIB)
  const used = total === null || available === null ? null : positive(total - available)
  return {
    total: leaf(total, 'bytes', 'TotalVisibleMemorySize'),
    available: leaf(available, 'bytes', 'FreePhysicalMemory'),
    used: leaf(used, 'bytes', 'TotalVisibleMemorySize - FreePhysicalMemory', 'derived'),
  }
}

function cpuOf(processors: readonly JsonObject[]): Part<CpuReport> {
  const first = processors[0]
  if (first === undefined) return {}
  const sum = (key: string) => {
    const values = processors.map((processor) => positive(numberIn(processor, key)))
    return values.reduce((total, value) =>
      total === null || value === null ? null : total + value,
    )
  }
  const vendor = textIn(first, 'Manufacturer')
  return {
    name: leaf(textIn(first, 'Name'), null, 'Win32_Processor.Name'),
    vendor: leaf(vendorByName(vendor ?? '') ?? vendor, null, 'Manufacturer'),
    sockets: leaf(processors.length, null, 'number of Win32_Processor'),
    cores: leaf(sum('NumberOfCores'), null, 'NumberOfCores'),
    threads: leaf(sum('NumberOfLogicalProcessors'), null, 'NumberOfLogicalProcessors'),
    clockBase: leaf(
      positive(numberIn(first, 'MaxClockSpeed')),
      'MHz',
      'MaxClockSpeed, without boost',
    ),
    cacheL3: leaf(times(sum('L3CacheSize'), KIB), 'bytes', 'L3CacheSize'),
    simd: leaf<string>(null, null, 'Windows tells it to native code only'),
  }
}

/** Windows says "hypervisor present" on bare metal too when its own protection runs in one: the model decides. */
function virtualOf(system: JsonObject): Part<CpuReport> {
  const text = `${textIn(system, 'Manufacturer') ?? ''} ${textIn(system, 'Model') ?? ''}`
  if (text.trim() === '') return {}
  const virtual = /virtual machine|vmware|virtualbox|\bkvm\b|qemu|xen|hvm domu|parallels/i.test(
    text,
  )
  return { virtual: leaf(virtual, null, `from the model "${text.trim()}"`, 'inferred') }
}

function modelOf(system: JsonObject): HostReport['model']['value'] {
  const parts = [textIn(system, 'Manufacturer'), textIn(system, 'Model')]
  return plausibleText(parts.filter((part) => part !== null).join(' '))
}

/** AdapterRAM is 32 bits wide: from here on it means "this or more". */
const ADAPTER_RAM_LIMIT = 4 * 1024 * MIB - MIB

function gpuOf(video: JsonObject): readonly Part<GpuReport>[] {
  const name = textIn(video, 'Name')
  if (name === null) return []
  const pnp = textIn(video, 'PNPDeviceID') ?? ''
  const [, vendorId, deviceId] = /^PCI\\VEN_([0-9A-F]{4})&DEV_([0-9A-F]{4})/i.exec(pnp) ?? []
  const vendor =
    (vendorId === undefined ? null : vendorByPciId(vendorId)) ??
    vendorByName(`${textIn(video, 'AdapterCompatibility') ?? ''} ${name}`)
  return [
    {
      name: leaf(name, null, 'Win32_VideoController.Name'),
      vendor: leaf(vendor, null, 'PNPDeviceID or AdapterCompatibility'),
      driver: leaf(textIn(video, 'DriverVersion'), null, 'DriverVersion'),
      memoryTotal: adapterRam(video, vendor, name),
      ...(vendorId === undefined || deviceId === undefined
        ? {}
        : { pciId: leaf(`${vendorId}:${deviceId}`.toLowerCase(), null, 'PNPDeviceID') }),
    },
  ]
}

/** Believed only where its 32 bits cannot have cut it: integrated graphics, or a size this card is sold with. */
function adapterRam(
  video: JsonObject,
  vendor: string | null,
  name: string,
): Part<GpuReport>['memoryTotal'] & object {
  const bytes = positive(numberIn(video, 'AdapterRAM'))
  const fits =
    bytes !== null &&
    bytes < ADAPTER_RAM_LIMIT &&
    (kindByName(name) === 'integrated' || soldSizes(vendor, name).includes(bytes))
  return leaf(fits ? bytes : null, 'bytes', 'AdapterRAM holds 32 bits only', 'inferred')
}
