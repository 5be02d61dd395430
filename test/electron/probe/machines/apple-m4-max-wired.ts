import { appleTools } from '../apple'
import type { RecordedMachine } from '../recorded-host'

/** A person raised the wired limit for the GPU. */
export const machine: RecordedMachine = {
  platform: 'darwin',
  runtime: { architecture: 'arm64' },
  commands: appleTools({
    name: 'Apple M4 Max',
    gpuCores: 40,
    performance: 12,
    efficiency: 4,
    memoryGib: 128,
    type: 'LPDDR5',
    wiredLimitMb: 114_688,
  }),
  gpus: 1,
  expected: {
    'gpus/0/name': 'Apple M4 Max',
    'gpus/0/vendor': 'Apple',
    'gpus/0/kind': 'unified',
    'gpus/0/cores': 40,
    'gpus/0/memoryTotal': 128 * 1024 ** 3,
    'gpus/0/memoryBandwidth': 546,
    'gpus/0/memoryClock': null,
    'gpus/0/driver': null,
    'memory/bandwidth': 546,
    'memory/type': 'LPDDR5',
    'memory/available': 301_000 * 16_384,
    'cpu/performanceCores': 12,
    'cpu/efficiencyCores': 4,
    'cpu/simd': 'NEON',
    'os/name': 'macOS',
    'os/version': '14.5',
    'gpus/0/memoryShared': 112 * 1024 ** 3,
  },
}
