import { appleTools } from '../apple'
import type { RecordedMachine } from '../recorded-host'

/** Published as 400 GB/s. */
export const machine: RecordedMachine = {
  platform: 'darwin',
  runtime: { architecture: 'arm64' },
  commands: appleTools({
    name: 'Apple M1 Max',
    gpuCores: 32,
    performance: 8,
    efficiency: 2,
    memoryGib: 64,
    type: 'LPDDR5',
  }),
  gpus: 1,
  expected: {
    'gpus/0/name': 'Apple M1 Max',
    'gpus/0/vendor': 'Apple',
    'gpus/0/kind': 'unified',
    'gpus/0/cores': 32,
    'gpus/0/memoryTotal': 64 * 1024 ** 3,
    'gpus/0/memoryBandwidth': 409.6,
    'gpus/0/memoryClock': null,
    'gpus/0/driver': null,
    'memory/bandwidth': 409.6,
    'memory/type': 'LPDDR5',
    'memory/available': 301_000 * 16_384,
    'cpu/performanceCores': 8,
    'cpu/efficiencyCores': 2,
    'cpu/simd': 'NEON',
    'os/name': 'macOS',
    'os/version': '14.5',
    'gpus/0/memoryShared': 48 * 1024 ** 3,
  },
}
