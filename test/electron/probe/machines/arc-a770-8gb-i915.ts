import type { RecordedMachine } from '../recorded-host'
import { AVX2_FLAGS, meminfo, pciDevice, pciDriver, x86Cpuinfo } from '../parts'

/** The same name with 8 GB has slower memory: the size picks the row of the list. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: {
    lspci:
      '0000:03:00.0 "VGA compatible controller [0300]" "Intel Corporation [8086]" "DG2 [Arc A770] [56a0]" -r08 "ASRock Incorporation [1849]" "Device [6001]"\n',
  },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: 'Intel(R) Core(TM) i5-12400',
      vendor: 'GenuineIntel',
      cores: 6,
      threads: 12,
      flags: AVX2_FLAGS,
    }),
    '/proc/meminfo': meminfo(32_600_000, 30_000_000),
    ...pciDevice('0000:03:00.0', {
      class: '0x030000\n',
      vendor: '0x8086\n',
      device: '0x56a0\n',
      revision: '0x08\n',
      'drm/card0/lmem_total_bytes': '8589934592\n',
      'drm/renderD128/dev': '226:128\n',
    }),
  },
  links: pciDriver('0000:03:00.0', 'i915'),
  gpus: 1,
  expected: {
    'gpus/0/memoryTotal': 8 * 1024 ** 3,
    'gpus/0/memoryBandwidth': 512,
    'gpus/0/driver': 'i915',
  },
}
