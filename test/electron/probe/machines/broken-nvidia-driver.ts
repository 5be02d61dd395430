import type { RecordedMachine } from '../recorded-host'
import { AVX2_FLAGS, meminfo, pciDevice, x86Cpuinfo } from '../parts'

/** The card is on the bus but its driver is not loaded: nvidia-smi explains itself on stdout. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: {
    'nvidia-smi': {
      exitCode: 9,
      stdout:
        "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n\n",
    },
    lspci:
      '0000:01:00.0 "VGA compatible controller [0300]" "NVIDIA Corporation [10de]" "GA102 [GeForce RTX 3090] [2204]" -ra1 "" ""\n',
    python3: '{"nvml": [], "amdgpu": []}',
  },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: 'Intel(R) Core(TM) i9-10900K CPU @ 3.70GHz',
      vendor: 'GenuineIntel',
      cores: 10,
      threads: 20,
      flags: AVX2_FLAGS,
    }),
    '/proc/meminfo': meminfo(65_700_000, 60_000_000),
    ...pciDevice('0000:01:00.0', { class: '0x030000\n', vendor: '0x10de\n', device: '0x2204\n' }),
  },
  gpus: 1,
  expected: {
    'gpus/0/name': 'NVIDIA GeForce RTX 3090',
    'gpus/0/driver': null,
    'gpus/0/memoryTotal': null,
    'gpus/0/memoryType': 'GDDR6X',
    'gpus/0/memoryBusWidth': 384,
    'gpus/0/memoryBandwidth': 936,
  },
}
