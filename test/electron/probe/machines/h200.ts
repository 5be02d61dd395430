import type { RecordedMachine } from '../recorded-host'
import { AVX512_FLAGS, meminfo, x86Cpuinfo } from '../parts'

/** An H200: the bus width comes from NVML, and the list of cards agrees. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: {
    'nvidia-smi':
      'NVIDIA H200, 550.90.07, 00000000:DC:00.0, 0x233510DE, 143771, 1, 3201, 3201, 345, 1980, 5, 16, 700.00, 30, 0, 9.0\n',
    python3:
      '{"nvml": [{"busId": "00000000:DC:00.0", "busWidth": 6144, "memoryClock": 3201}], "amdgpu": []}',
  },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: 'INTEL(R) XEON(R) PLATINUM 8558',
      vendor: 'GenuineIntel',
      cores: 8,
      threads: 16,
      flags: AVX512_FLAGS,
    }),
    '/proc/meminfo': meminfo(132_000_000, 128_000_000),
  },
  gpus: 1,
  expected: {
    'gpus/0/memoryTotal': 143771 * 1024 ** 2,
    'gpus/0/memoryType': 'HBM3e',
    'gpus/0/memoryBusWidth': 6144,
    'gpus/0/memoryBandwidth': 4917,
    'gpus/0/pcieGeneration': 5,
  },
}
