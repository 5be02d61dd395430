import type { RecordedMachine } from '../recorded-host'
import { meminfo } from '../parts'

const core = (n: number) => `processor\t: ${n}
BogoMIPS\t: 2000.00
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp sve asimdfhm sve2 i8mm bf16
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x0
CPU part\t: 0xd85
CPU revision\t: 1
`

/** Unified memory: the driver will not tell size or clock, and NVML stands 0 for the width. */
export const machine: RecordedMachine = {
  platform: 'linux',
  runtime: { architecture: 'arm64' },
  commands: {
    'nvidia-smi':
      'NVIDIA GB10, 580.95.05, 0000000F:01:00.0, 0x2E1210DE, [N/A], [N/A], [N/A], [N/A], 208, 3003, 1, 1, [N/A], 36, 0, 12.1\n',
    python3: '{"nvml": [{"busId": "0000000F:01:00.0", "busWidth": 0}], "amdgpu": []}',
    vulkaninfo: `GPU0:
	apiVersion         = 1.4.312
	vendorID           = 0x10de
	deviceID           = 0x2e12
	deviceType         = PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU
	deviceName         = NVIDIA Tegra NVIDIA GB10
`,
  },
  files: {
    '/proc/cpuinfo': Array.from({ length: 20 }, (_, n) => `${core(n)}\n`).join(''),
    '/proc/meminfo': meminfo(125_516_000, 118_000_000),
    ...Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [
        [`/sys/devices/system/cpu/cpu${n}/topology/thread_siblings_list`, `${n}\n`],
        [`/sys/devices/system/cpu/cpu${n}/cpu_capacity`, n % 10 < 5 ? '718\n' : '1024\n'],
      ]).flat() as [string, string][],
    ),
  },
  gpus: 1,
  expected: {
    'gpus/0/id': 'pci:000f:01:00.0',
    'gpus/0/kind': 'unified',
    'gpus/0/memoryTotal': 125_516_000 * 1024,
    'gpus/0/memoryUsed': null,
    'gpus/0/memoryClock': null,
    'gpus/0/memoryType': 'LPDDR5X',
    'gpus/0/memoryBusWidth': 256,
    'gpus/0/memoryBandwidth': 273,
    'memory/bandwidth': 273,
    'cpu/cores': 20,
    'cpu/performanceCores': 10,
    'cpu/efficiencyCores': 10,
    'cpu/simd': 'SVE2',
    'cpu/sockets': null,
  },
}
