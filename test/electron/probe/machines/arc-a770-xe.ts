import type { RecordedMachine } from '../recorded-host'
import { AVX2_FLAGS, meminfo, pciDevice, pciDriver, x86Cpuinfo } from '../parts'

/** The xe driver tells the memory size of the tile, not the clock. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: {
    lspci:
      '0000:03:00.0 "VGA compatible controller [0300]" "Intel Corporation [8086]" "DG2 [Arc A770] [56a0]" -r08 "Intel Corporation [8086]" "Device [1020]"\n',
  },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: 'AMD Ryzen 5 3600 6-Core Processor',
      vendor: 'AuthenticAMD',
      cores: 6,
      threads: 12,
      flags: AVX2_FLAGS,
    }),
    '/proc/meminfo': meminfo(16_300_000, 12_000_000),
    ...pciDevice('0000:03:00.0', {
      class: '0x030000\n',
      vendor: '0x8086\n',
      device: '0x56a0\n',
      revision: '0x08\n',
      max_link_speed: '2.5 GT/s PCIe\n',
      max_link_width: '1\n',
      'tile0/physical_vram_size_bytes': '17079205888\n',
    }),
  },
  links: pciDriver('0000:03:00.0', 'xe'),
  gpus: 1,
  expected: {
    'gpus/0/name': 'Intel Arc A770',
    'gpus/0/vendor': 'Intel',
    'gpus/0/kind': 'discrete',
    'gpus/0/memoryTotal': 17079205888,
    'gpus/0/memoryType': 'GDDR6',
    'gpus/0/memoryBusWidth': 256,
    'gpus/0/memoryBandwidth': 560,
    'gpus/0/memoryClockMax': null,
    'gpus/0/driver': 'xe',
  },
}
