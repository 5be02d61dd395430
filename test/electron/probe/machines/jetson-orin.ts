import type { RecordedMachine } from '../recorded-host'
import { meminfo } from '../parts'

/** A chip on no PCI bus: no address, no sizes, no clocks; the pool is system memory. */
export const machine: RecordedMachine = {
  platform: 'linux',
  runtime: { architecture: 'arm64' },
  commands: {
    'nvidia-smi':
      'Orin (nvgpu), 540.4.0, [N/A], [N/A], [N/A], [N/A], [N/A], [N/A], [N/A], [N/A], [N/A], [N/A], [N/A], [N/A], [N/A], [N/A]\n',
  },
  files: {
    '/proc/meminfo': meminfo(31_390_000, 28_000_000),
    '/etc/os-release': 'NAME="Ubuntu"\nVERSION="22.04.4 LTS (Jammy Jellyfish)"\n',
  },
  gpus: 1,
  expected: {
    'gpus/0/id': 'gpu:0',
    'gpus/0/name': 'Orin (nvgpu)',
    'gpus/0/vendor': 'NVIDIA',
    'gpus/0/kind': 'unified',
    'gpus/0/memoryTotal': 31_390_000 * 1024,
    'gpus/0/memoryBusWidth': null,
    'gpus/0/memoryBandwidth': null,
    'gpus/0/apis': null,
    'memory/bandwidth': null,
  },
}
