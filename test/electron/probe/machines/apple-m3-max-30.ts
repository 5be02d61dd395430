import { appleTools } from '../apple'
import type { RecordedMachine } from '../recorded-host'

/** The variant with 30 GPU cores has three quarters of the bus. */
export const machine: RecordedMachine = {
  platform: 'darwin',
  runtime: { architecture: 'arm64' },
  commands: appleTools({
    name: 'Apple M3 Max',
    gpuCores: 30,
    performance: 10,
    efficiency: 4,
    memoryGib: 36,
    type: 'LPDDR5',
  }),
  gpus: 1,
  expected: {
    'gpus/0/name': 'Apple M3 Max',
    'gpus/0/vendor': 'Apple',
    'gpus/0/kind': 'unified',
    'gpus/0/cores': 30,
    'gpus/0/memoryTotal': 36 * 1024 ** 3,
    'gpus/0/memoryBandwidth': 307.2,
    'gpus/0/memoryClock': null,
    'gpus/0/driver': null,
    'memory/bandwidth': 307.2,
    'memory/type': 'LPDDR5',
    'memory/available': 301_000 * 16_384,
    'cpu/performanceCores': 10,
    'cpu/efficiencyCores': 4,
    'cpu/simd': 'NEON',
    'os/name': 'macOS',
    'os/version': '14.5',
  },
}
