import type { RecordedMachine } from '../recorded-host'
import { AVX2_FLAGS, meminfo, pciDevice, pciDriver, x86Cpuinfo } from '../parts'

const cpus = '/sys/devices/system/cpu'
const siblings = (n: number) => (n < 8 ? `${n - (n % 2)}-${n - (n % 2) + 1}` : String(n))

/** i7-1260P: 4 performance cores with two threads, 8 efficiency cores; Iris Xe under i915 has no memory of its own. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: {
    lspci:
      '0000:00:02.0 "VGA compatible controller [0300]" "Intel Corporation [8086]" "Alder Lake-P GT2 [Iris Xe Graphics] [46a6]" -r0c "Lenovo [17aa]" "Device [22e7]"\n',
  },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: '12th Gen Intel(R) Core(TM) i7-1260P',
      vendor: 'GenuineIntel',
      cores: 16,
      threads: 16,
      flags: AVX2_FLAGS,
    }).replace(/core id.*\n/g, ''),
    '/proc/meminfo': meminfo(15_980_000, 9_000_000),
    '/sys/firmware/dmi/tables/DMI': null,
    '/sys/devices/cpu_core/cpus': '0-7\n',
    '/sys/devices/cpu_atom/cpus': '8-15\n',
    [`${cpus}/cpu0/cpufreq/cpuinfo_max_freq`]: '4700000\n',
    [`${cpus}/cpu0/cpufreq/base_frequency`]: '2100000\n',
    [`${cpus}/cpu0/cache/index0/level`]: '1\n',
    [`${cpus}/cpu0/cache/index0/type`]: 'Data\n',
    [`${cpus}/cpu0/cache/index0/size`]: '48K\n',
    [`${cpus}/cpu0/cache/index1/level`]: '1\n',
    [`${cpus}/cpu0/cache/index1/type`]: 'Instruction\n',
    [`${cpus}/cpu0/cache/index1/size`]: '32K\n',
    [`${cpus}/cpu0/cache/index2/level`]: '2\n',
    [`${cpus}/cpu0/cache/index2/type`]: 'Unified\n',
    [`${cpus}/cpu0/cache/index2/size`]: '1280K\n',
    ...Object.fromEntries(
      Array.from({ length: 16 }, (_, n) => [
        [`${cpus}/cpu${n}/topology/thread_siblings_list`, `${siblings(n)}\n`],
        [`${cpus}/cpu${n}/cache/index3/size`, '18432K\n'],
        [`${cpus}/cpu${n}/cache/index3/shared_cpu_list`, '0-15\n'],
      ]).flat() as [string, string][],
    ),
    ...pciDevice('0000:00:02.0', {
      class: '0x030000\n',
      vendor: '0x8086\n',
      device: '0x46a6\n',
      revision: '0x0c\n',
      max_link_speed: 'Unknown\n',
      max_link_width: '255\n',
    }),
  },
  links: pciDriver('0000:00:02.0', 'i915'),
  gpus: 1,
  expected: {
    'gpus/0/name': 'Intel Iris Xe Graphics',
    'gpus/0/kind': 'integrated',
    'gpus/0/memoryTotal': null,
    'gpus/0/memoryBandwidth': null,
    'gpus/0/pcieGeneration': null,
    'gpus/0/pcieWidth': null,
    'cpu/cores': 12,
    'cpu/performanceCores': 4,
    'cpu/efficiencyCores': 8,
    'cpu/threads': 16,
    'cpu/clockMax': 4700,
    'cpu/clockBase': 2100,
    'cpu/cacheL1d': 48 * 1024,
    'cpu/cacheL2': 1280 * 1024,
    'cpu/cacheL3': 18 * 1024 ** 2,
    'memory/type': null,
  },
}
