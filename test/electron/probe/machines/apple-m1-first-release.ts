import type { RecordedMachine } from '../recorded-host'

/** macOS 11.0 on the first M1: internal names in place of words, no core count. */
export const machine: RecordedMachine = {
  platform: 'darwin',
  runtime: { architecture: 'arm64' },
  commands: {
    system_profiler: `{
  "SPDisplaysDataType" : [
    {
      "_name" : "kHW_AppleM1Item",
      "spdisplays_metalfamily" : "spdisplays_mtlgpufamilyapple7",
      "spdisplays_ndrvs" : [],
      "spdisplays_vendor" : "sppci_vendor_Apple",
      "sppci_model" : "kHW_AppleM1Item"
    }
  ],
  "SPMemoryDataType" : [
    {
      "dimm_type" : "lp_ddr4",
      "SPMemoryDataType" : "8 GB"
    }
  ]
}
`,
    sysctl: `hw.memsize: 8589934592
hw.physicalcpu: 8
hw.logicalcpu: 8
machdep.cpu.brand_string: Apple M1
hw.optional.neon: 1
`,
  },
  gpus: 1,
  expected: {
    'gpus/0/name': 'Apple M1',
    'gpus/0/cores': null,
    'gpus/0/memoryTotal': 8 * 1024 ** 3,
    'gpus/0/memoryBusWidth': 128,
    'gpus/0/memoryBandwidth': 68.3,
    'gpus/0/apis': 'Metal',
    'memory/type': 'LPDDR4',
    'memory/bandwidth': 68.3,
    'cpu/cores': 8,
    'cpu/performanceCores': null,
  },
}
