import { appleTools } from '../apple'
import type { RecordedMachine } from '../recorded-host'

/** Published as 200 GB/s. */
export const machine: RecordedMachine = {
  platform: 'darwin',
  runtime: { architecture: 'arm64' },
  commands: appleTools({
    name: 'Apple M2 Pro',
    gpuCores: 19,
    performance: 8,
    efficiency: 4,
    memoryGib: 16,
    type: 'LPDDR5',
  }),
  gpus: 1,
  expected: {
    'gpus/0/name': 'Apple M2 Pro',
    'gpus/0/vendor': 'Apple',
    'gpus/0/kind': 'unified',
    'gpus/0/cores': 19,
    'gpus/0/memoryTotal': 16 * 1024 ** 3,
    'gpus/0/memoryBandwidth': 204.8,
    'gpus/0/memoryClock': null,
    'gpus/0/driver': null,
    'memory/bandwidth': 204.8,
    'memory/type': 'LPDDR5',
    'memory/available': 301_000 * 16_384,
    'cpu/performanceCores': 8,
    'cpu/efficiencyCores': 4,
    'cpu/simd': 'NEON',
    'os/name': 'macOS',
    'os/version': '14.5',
    'gpus/0/memoryShared': (16 * 1024 ** 3 * 2) / 3,
  },
}
