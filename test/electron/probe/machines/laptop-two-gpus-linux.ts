import type { RecordedMachine } from '../recorded-host'
import { AVX2_FLAGS, meminfo, pciDevice, pciDriver, x86Cpuinfo } from '../parts'

/** The NVIDIA card sleeps and nvidia-smi times out: what the bus says stays, what only the driver knows is unknown. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: {
    'nvidia-smi': { reason: 'timeout', detail: 'nvidia-smi: no answer in 1200 ms' },
    lspci: `0000:01:00.0 "3D controller [0302]" "NVIDIA Corporation [10de]" "GA106M [GeForce RTX 3060 Mobile / Max-Q] [2520]" -ra1 "" ""
0000:05:00.0 "VGA compatible controller [0300]" "Advanced Micro Devices, Inc. [AMD/ATI] [1002]" "Cezanne [Radeon Vega Series / Radeon Vega Mobile Series] [1638]" -rc5 "" ""
`,
  },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: 'AMD Ryzen 7 5800H with Radeon Graphics',
      vendor: 'AuthenticAMD',
      cores: 8,
      threads: 16,
      flags: AVX2_FLAGS,
    }),
    '/proc/meminfo': meminfo(15_700_000, 9_700_000),
    ...pciDevice('0000:01:00.0', {
      class: '0x030200\n',
      vendor: '0x10de\n',
      device: '0x2520\n',
      revision: '0xa1\n',
      max_link_speed: '16.0 GT/s PCIe\n',
      max_link_width: '8\n',
    }),
    ...pciDevice('0000:05:00.0', {
      class: '0x030000\n',
      vendor: '0x1002\n',
      device: '0x1638\n',
      revision: '0xc5\n',
      mem_info_vram_total: '536870912\n',
      mem_info_gtt_total: '8038400000\n',
      pp_dpm_mclk: '0: 400Mhz *\n1: 1600Mhz \n',
    }),
  },
  links: { ...pciDriver('0000:01:00.0', 'nvidia'), ...pciDriver('0000:05:00.0', 'amdgpu') },
  gpus: 2,
  expected: {
    'gpus/0/vendor': 'NVIDIA',
    'gpus/0/kind': 'discrete',
    'gpus/0/memoryTotal': null,
    'gpus/0/memoryClockMax': null,
    'gpus/0/memoryBandwidth': null,
    'gpus/0/pcieWidth': 8,
    'gpus/1/vendor': 'AMD',
    'gpus/1/kind': 'integrated',
    'gpus/1/memoryTotal': 536870912,
    'gpus/1/memoryClockMax': 1600,
    'gpus/1/memoryBandwidth': null,
  },
}
