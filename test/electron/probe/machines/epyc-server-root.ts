import type { RecordedMachine } from '../recorded-host'
import {
  AVX512_FLAGS,
  joinBytes,
  meminfo,
  pciDevice,
  SMBIOS_END,
  smbiosArray,
  smbiosModule,
  smbiosStructure,
  x86Cpuinfo,
} from '../parts'

const modules = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map((channel) =>
  smbiosModule({
    size: 32_768,
    type: 0x1a,
    locator: 'DIMM 0',
    bank: `P0 CHANNEL ${channel}`,
    speed: 3200,
    configured: 2933,
    totalWidth: 72,
    dataWidth: 64,
  }),
)
const empty = smbiosStructure(
  17,
  0x54,
  (view) => {
    view.setUint8(0x10, 1)
  },
  ['DIMM 1'],
)

/** Run as root: the raw SMBIOS table with 32 GiB modules (extended size), ECC, and a management display chip. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: {
    lspci:
      '0000:c2:00.0 "VGA compatible controller [0300]" "ASPEED Technology, Inc. [1a03]" "ASPEED Graphics Family [2000]" -r41 "" ""\n',
  },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: 'AMD EPYC 7543P 32-Core Processor',
      vendor: 'AuthenticAMD',
      cores: 32,
      threads: 64,
      flags: AVX512_FLAGS.replace(/ avx512\w+/g, ''),
    }),
    '/proc/meminfo': meminfo(263_800_000, 250_000_000),
    '/sys/firmware/dmi/tables/DMI': joinBytes([
      smbiosStructure(0, 0x18, () => undefined, ['American Megatrends', '2.4', '09/01/2022']),
      smbiosArray(16),
      ...modules,
      empty,
      SMBIOS_END,
    ]),
    ...pciDevice('0000:c2:00.0', { class: '0x030000\n', vendor: '0x1a03\n', device: '0x2000\n' }),
  },
  gpus: 1,
  expected: {
    'gpus/0/vendor': 'ASPEED',
    'gpus/0/kind': null,
    'gpus/0/memoryTotal': null,
    'gpus/0/memoryBandwidth': null,
    'memory/type': 'DDR4',
    'memory/speed': 2933,
    'memory/speedRated': 3200,
    'memory/slots': 16,
    'memory/slotsPopulated': 8,
    'memory/channels': 8,
    'memory/busWidth': 512,
    'memory/ecc': true,
    'memory/bandwidth': 187.7,
    'cpu/simd': 'AVX2',
  },
}
