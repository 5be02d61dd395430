/** Building blocks of recorded machines: text that repeats a hundred times in the real file. */

export interface CpuInfo {
  readonly model: string
  readonly vendor: 'GenuineIntel' | 'AuthenticAMD'
  readonly cores: number
  readonly threads: number
  readonly flags: string
}

/** /proc/cpuinfo of an x86 processor with one socket, threads of a core side by side. */
export function x86Cpuinfo({ model, vendor, cores, threads, flags }: CpuInfo): string {
  const block = (thread: number) => `processor\t: ${thread}
vendor_id\t: ${vendor}
cpu family\t: 25
model\t\t: 97
model name\t: ${model}
stepping\t: 2
cpu MHz\t\t: 2994.382
cache size\t: 1024 KB
physical id\t: 0
siblings\t: ${threads}
core id\t\t: ${Math.floor((thread * cores) / threads)}
cpu cores\t: ${cores}
fpu\t\t: yes
flags\t\t: ${flags}
bogomips\t: 8982.57
address sizes\t: 48 bits physical, 48 bits virtual
`
  return Array.from({ length: threads }, (_, i) => `${block(i)}\n`).join('')
}

export const AVX2_FLAGS =
  'fpu vme de pse tsc msr sse sse2 ht syscall nx ssse3 fma sse4_1 sse4_2 avx f16c avx2 bmi2'
export const AVX512_FLAGS = `${AVX2_FLAGS} avx512f avx512dq avx512bw avx512vl`

/** /proc/meminfo, sizes in kB. */
export function meminfo(total: number, available: number): string {
  return `MemTotal:       ${total} kB
MemFree:         ${Math.floor(available / 2)} kB
MemAvailable:   ${available} kB
Buffers:          412345 kB
Cached:          4123456 kB
SwapCached:            0 kB
`
}

/** Files of one PCI device as the recorded machine lists them. */
export function pciDevice(
  address: string,
  files: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`/sys/bus/pci/devices/${address}/${name}`, text]),
  )
}

export function pciDriver(address: string, driver: string): Record<string, string> {
  return { [`/sys/bus/pci/devices/${address}/driver`]: `/sys/bus/pci/drivers/${driver}` }
}

/** One SMBIOS structure: type, formatted area after the 4 byte header, strings. */
export function smbiosStructure(
  type: number,
  length: number,
  fill: (view: DataView) => void,
  strings: readonly string[],
): Uint8Array {
  const view = new DataView(new ArrayBuffer(length))
  view.setUint8(0, type)
  view.setUint8(1, length)
  fill(view)
  const text = strings.length === 0 ? '\0\0' : `${strings.join('\0')}\0\0`
  return joinBytes([new Uint8Array(view.buffer), new TextEncoder().encode(text)])
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** A memory device (type 17) of SMBIOS 3.3, size in MiB. */
export function smbiosModule(module: {
  readonly size: number
  readonly type: number
  readonly locator: string
  readonly bank: string
  readonly speed: number
  readonly configured: number
  readonly totalWidth: number
  readonly dataWidth: number
}): Uint8Array {
  const fill = (view: DataView) => {
    view.setUint16(0x08, module.totalWidth, true)
    view.setUint16(0x0a, module.dataWidth, true)
    view.setUint16(0x0c, module.size >= 0x7fff ? 0x7fff : module.size, true)
    view.setUint8(0x0e, 0x09)
    view.setUint8(0x10, 1)
    view.setUint8(0x11, 2)
    view.setUint8(0x12, module.type)
    view.setUint16(0x15, module.speed, true)
    view.setUint8(0x17, 3)
    view.setUint8(0x1a, 4)
    view.setUint32(0x1c, module.size, true)
    view.setUint16(0x20, module.configured, true)
  }
  return smbiosStructure(17, 0x5c, fill, [module.locator, module.bank, 'Samsung', 'M393A4K40DB3'])
}

/** The array of all slots (type 16), used as system memory. */
export function smbiosArray(slots: number): Uint8Array {
  const fill = (view: DataView) => {
    view.setUint8(0x04, 0x03)
    view.setUint8(0x05, 0x03)
    view.setUint8(0x06, 0x06)
    view.setUint16(0x0d, slots, true)
  }
  return smbiosStructure(16, 0x17, fill, [])
}

export const SMBIOS_END = smbiosStructure(127, 4, () => undefined, [])
