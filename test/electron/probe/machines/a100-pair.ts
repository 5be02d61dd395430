import type { RecordedMachine } from '../recorded-host'
import { AVX2_FLAGS, meminfo, x86Cpuinfo } from '../parts'

/** Two A100 of different memory in one machine: 40 GB HBM2 and 80 GB HBM2e. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: {
    'nvidia-smi': `NVIDIA A100-SXM4-40GB, 525.105.17, 00000000:07:00.0, 0x20B010DE, 40960, 4, 1215, 1215, 210, 1410, 4, 16, 400.00, 29, 0, 8.0
NVIDIA A100-SXM4-80GB, 525.105.17, 00000000:0F:00.0, 0x20B210DE, 81920, 7, 1593, 1593, 210, 1410, 4, 16, 400.00, 31, 0, 8.0
`,
    python3:
      '{"nvml": [{"busId": "00000000:07:00.0", "busWidth": 5120, "memoryClock": 1215}, {"busId": "00000000:0F:00.0", "busWidth": 5120, "memoryClock": 1593}], "amdgpu": []}',
  },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: 'AMD EPYC 7742 64-Core Processor',
      vendor: 'AuthenticAMD',
      cores: 64,
      threads: 128,
      flags: AVX2_FLAGS,
    }),
    '/proc/meminfo': meminfo(1_056_491_000, 1_001_000_000),
  },
  gpus: 2,
  expected: {
    'gpus/0/memoryType': 'HBM2',
    'gpus/0/memoryBandwidth': 1555,
    'gpus/1/memoryType': 'HBM2e',
    'gpus/1/memoryBandwidth': 2039,
    'gpus/1/id': 'pci:0000:0f:00.0',
    'cpu/threads': 128,
  },
}
