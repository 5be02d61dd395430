import { appleTools } from '../apple'
import type { RecordedMachine } from '../recorded-host'

/** The variant with 40 GPU cores has the full bus. */
export const machine: RecordedMachine = {
  platform: 'darwin',
  runtime: { architecture: 'arm64' },
  commands: appleTools({
    name: 'Apple M3 Max',
    gpuCores: 40,
    performance: 12,
    efficiency: 4,
    memoryGib: 48,
    type: 'LPDDR5',
  }),
  gpus: 1,
  expected: {
    'gpus/0/name': 'Apple M3 Max',
    'gpus/0/vendor': 'Apple',
    'gpus/0/kind': 'unified',
    'gpus/0/cores': 40,
    'gpus/0/memoryTotal': 48 * 1024 ** 3,
    'gpus/0/memoryBandwidth': 409.6,
    'gpus/0/memoryClock': null,
    'gpus/0/driver': null,
    'memory/bandwidth': 409.6,
    'memory/type': 'LPDDR5',
    'memory/available': 301_000 * 16_384,
    'cpu/performanceCores': 12,
    'cpu/efficiencyCores': 4,
    'cpu/simd': 'NEON',
    'os/name': 'macOS',
    'os/version': '14.5',
  },
}
