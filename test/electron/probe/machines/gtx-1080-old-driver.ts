import type { RecordedMachine } from '../recorded-host'
import { AVX2_FLAGS, meminfo, x86Cpuinfo } from '../parts'

/** Driver 440 does not know compute_cap and refuses the whole query for it; no python3, no rights to the DMI table. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: {
    'nvidia-smi': (args) =>
      args.includes('compute_cap')
        ? {
            exitCode: 2,
            stdout: 'Field "compute_cap" is not a valid field to query.\n\n',
          }
        : 'GeForce GTX 1080, 440.100, 00000000:03:00.0, 0x1B8010DE, 8119, 221, 405, 5005, 139, 1911, 3, 16, 180.00, 41, [Not Supported]\n',
    dmidecode: {
      exitCode: 1,
      stdout: '# dmidecode 3.2\nScanning /dev/mem for entry point.\n',
    },
  },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: 'Intel(R) Core(TM) i7-7700K CPU @ 4.20GHz',
      vendor: 'GenuineIntel',
      cores: 4,
      threads: 8,
      flags: AVX2_FLAGS,
    }),
    '/proc/meminfo': meminfo(16_318_480, 12_004_120),
    '/sys/firmware/dmi/tables/DMI': null,
  },
  gpus: 1,
  expected: {
    'gpus/0/name': 'GeForce GTX 1080',
    'gpus/0/vendor': 'NVIDIA',
    'gpus/0/memoryTotal': 8119 * 1024 ** 2,
    'gpus/0/memoryClockMax': 5005,
    'gpus/0/memoryType': 'GDDR5X',
    'gpus/0/memoryBusWidth': 256,
    'gpus/0/memoryBandwidth': 320,
    'gpus/0/utilization': null,
    'gpus/0/apis': null,
    'cpu/simd': 'AVX2',
    'cpu/cores': 4,
    'memory/type': null,
    'memory/speed': null,
    'memory/bandwidth': null,
  },
}
