import type { RecordedMachine } from '../recorded-host'
import { meminfo } from '../parts'

const core = (n: number) => `processor\t: ${n}
BogoMIPS\t: 50.00
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp ssbs
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x3
CPU part\t: 0xd0c
CPU revision\t: 1
`

/** An ARM server: /proc/cpuinfo has no model name and no core ids; dmidecode text gives the memory. */
export const machine: RecordedMachine = {
  platform: 'linux',
  runtime: { architecture: 'arm64' },
  commands: {
    dmidecode: `# dmidecode 3.3
Getting SMBIOS data from sysfs.
SMBIOS 3.3.0 present.

Handle 0x0020, DMI type 16, 23 bytes
Physical Memory Array
	Location: System Board Or Motherboard
	Use: System Memory
	Error Correction Type: Multi-bit ECC
	Maximum Capacity: 4 TB
	Error Information Handle: Not Provided
	Number Of Devices: 4

Handle 0x0021, DMI type 17, 92 bytes
Memory Device
	Array Handle: 0x0020
	Total Width: 72 bits
	Data Width: 64 bits
	Size: 32 GB
	Form Factor: DIMM
	Locator: CPU 1 DIMM A1
	Bank Locator: Bank A
	Type: DDR4
	Type Detail: Registered (Buffered)
	Speed: 3200 MT/s
	Manufacturer: Micron
	Part Number: 36ASF4G72PZ-3G2E7
	Configured Memory Speed: 3200 MT/s

Handle 0x0022, DMI type 17, 92 bytes
Memory Device
	Array Handle: 0x0020
	Total Width: 72 bits
	Data Width: 64 bits
	Size: 32768 MB
	Form Factor: DIMM
	Locator: CPU 1 DIMM B1
	Bank Locator: Bank B
	Type: DDR4
	Speed: 3200 MT/s
	Manufacturer: Micron
	Part Number: 36ASF4G72PZ-3G2E7
	Configured Memory Speed: 3200 MT/s

Handle 0x0023, DMI type 17, 92 bytes
Memory Device
	Total Width: Unknown
	Data Width: Unknown
	Size: No Module Installed
	Locator: CPU 1 DIMM C1
	Type: Unknown
	Speed: Unknown
`,
  },
  files: {
    '/proc/cpuinfo': Array.from({ length: 80 }, (_, n) => `${core(n)}\n`).join(''),
    '/proc/meminfo': meminfo(65_600_000, 60_000_000),
    ...Object.fromEntries(
      Array.from({ length: 80 }, (_, n) => [
        `/sys/devices/system/cpu/cpu${n}/topology/thread_siblings_list`,
        `${n}\n`,
      ]),
    ),
  },
  gpus: 0,
  expected: {
    'cpu/name': null,
    'cpu/vendor': 'ARM',
    'cpu/cores': 80,
    'cpu/threads': 80,
    'cpu/simd': 'NEON',
    'cpu/performanceCores': null,
    'memory/type': 'DDR4',
    'memory/slots': 4,
    'memory/slotsPopulated': 2,
    'memory/channels': 2,
    'memory/ecc': true,
    'memory/bandwidth': 51.2,
  },
}
