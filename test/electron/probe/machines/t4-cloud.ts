import type { RecordedMachine } from '../recorded-host'
import { AVX512_FLAGS, meminfo, x86Cpuinfo } from '../parts'

/** A cloud machine with one T4; its firmware calls the memory "RAM" without a speed. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: {
    'nvidia-smi':
      'Tesla T4, 535.161.07, 00000000:00:04.0, 0x1EB810DE, 15360, 0, 405, 5001, 300, 1590, 3, 16, 70.00, 41, 0, 7.5\n',
  },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: 'Intel(R) Xeon(R) CPU @ 2.00GHz',
      vendor: 'GenuineIntel',
      cores: 2,
      threads: 4,
      flags: `${AVX512_FLAGS} hypervisor`,
    }),
    '/proc/meminfo': meminfo(15_388_000, 14_120_000),
    '/sys/class/dmi/id/product_name': 'Google Compute Engine\n',
    '/run/udev/data/+dmi:id': `E:MEMORY_ARRAY_LOCATION=Other
E:MEMORY_ARRAY_NUM_DEVICES=1
E:MEMORY_DEVICE_0_TOTAL_WIDTH=64
E:MEMORY_DEVICE_0_DATA_WIDTH=64
E:MEMORY_DEVICE_0_SIZE=16106127360
E:MEMORY_DEVICE_0_FORM_FACTOR=DIMM
E:MEMORY_DEVICE_0_LOCATOR=DIMM 0
E:MEMORY_DEVICE_0_TYPE=RAM
`,
  },
  gpus: 1,
  expected: {
    'gpus/0/name': 'Tesla T4',
    'gpus/0/kind': 'discrete',
    'gpus/0/memoryType': 'GDDR6',
    'gpus/0/memoryBandwidth': 320,
    'host/model': 'Google Compute Engine',
    'cpu/virtual': true,
    'memory/type': null,
    'memory/speed': null,
    'memory/channels': null,
    'memory/bandwidth': null,
  },
}
