import { appleTools } from '../apple'
import type { RecordedMachine } from '../recorded-host'

/** system_profiler says LPDDR5 for LPDDR5X: no disagreement. */
export const machine: RecordedMachine = {
  platform: 'darwin',
  runtime: { architecture: 'arm64' },
  commands: appleTools({
    name: 'Apple M4',
    gpuCores: 10,
    performance: 4,
    efficiency: 6,
    memoryGib: 16,
    type: 'LPDDR5',
  }),
  gpus: 1,
  expected: {
    'gpus/0/name': 'Apple M4',
    'gpus/0/vendor': 'Apple',
    'gpus/0/kind': 'unified',
    'gpus/0/cores': 10,
    'gpus/0/memoryTotal': 16 * 1024 ** 3,
    'gpus/0/memoryBandwidth': 120,
    'gpus/0/memoryClock': null,
    'gpus/0/driver': null,
    'memory/bandwidth': 120,
    'memory/type': 'LPDDR5',
    'memory/available': 301_000 * 16_384,
    'cpu/performanceCores': 4,
    'cpu/efficiencyCores': 6,
    'cpu/simd': 'NEON',
    'os/name': 'macOS',
    'os/version': '14.5',
  },
}
