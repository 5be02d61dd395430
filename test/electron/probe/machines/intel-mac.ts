import type { RecordedMachine } from '../recorded-host'

/** A 16-inch MacBook Pro of 2019: two cards, real slots, Intel processor. */
export const machine: RecordedMachine = {
  platform: 'darwin',
  commands: {
    system_profiler: `{
  "SPDisplaysDataType" : [
    {
      "_name" : "kHW_IntelUHDGraphics630Item",
      "spdisplays_device-id" : "0x3e9b",
      "spdisplays_metal" : "spdisplays_metalfeaturesetfamily14",
      "spdisplays_vendor" : "Intel",
      "spdisplays_vram_shared" : "1536 MB",
      "sppci_model" : "Intel UHD Graphics 630"
    },
    {
      "_name" : "kHW_AMDRadeonPro5500MItem",
      "spdisplays_device-id" : "0x7340",
      "spdisplays_metal" : "spdisplays_metalfeaturesetfamily14",
      "spdisplays_pcie_width" : "x16",
      "spdisplays_vendor" : "sppci_vendor_amd",
      "spdisplays_vram" : "8 GB",
      "sppci_model" : "AMD Radeon Pro 5500M"
    }
  ],
  "SPMemoryDataType" : [
    {
      "_name" : "global_name",
      "global_ecc_state" : "ecc_disabled",
      "is_memory_upgradeable" : "No",
      "_items" : [
        { "_name" : "BANK 0/ChannelA-DIMM0", "dimm_manufacturer" : "0x80AD", "dimm_part_number" : "-", "dimm_size" : "8 GB", "dimm_speed" : "2667 MHz", "dimm_status" : "ok", "dimm_type" : "DDR4" },
        { "_name" : "BANK 2/ChannelB-DIMM0", "dimm_manufacturer" : "0x80AD", "dimm_part_number" : "-", "dimm_size" : "8 GB", "dimm_speed" : "2667 MHz", "dimm_status" : "ok", "dimm_type" : "DDR4" },
        { "_name" : "BANK 3/ChannelB-DIMM1", "dimm_size" : "empty", "dimm_status" : "empty" }
      ]
    }
  ]
}
`,
    sysctl: `hw.memsize: 17179869184
hw.packages: 1
hw.physicalcpu: 8
hw.logicalcpu: 16
hw.l1dcachesize: 32768
hw.l2cachesize: 262144
hw.l3cachesize: 16777216
hw.cpufrequency_max: 2300000000
hw.optional.avx1_0: 1
hw.optional.avx2_0: 1
hw.optional.avx512f: 0
machdep.cpu.brand_string: Intel(R) Core(TM) i9-9880H CPU @ 2.30GHz
kern.osproductversion: 13.6
`,
  },
  gpus: 2,
  expected: {
    'gpus/0/name': 'AMD Radeon Pro 5500M',
    'gpus/0/kind': 'discrete',
    'gpus/0/memoryTotal': 8 * 1024 ** 3,
    'gpus/0/memoryBandwidth': null,
    'gpus/1/name': 'Intel UHD Graphics 630',
    'gpus/1/kind': 'integrated',
    'gpus/1/memoryTotal': null,
    'gpus/1/memoryShared': 1536 * 1024 ** 2,
    'gpus/1/memoryBandwidth': 42.7,
    'cpu/simd': 'AVX2',
    'cpu/clockMax': 2300,
    'memory/slots': 3,
    'memory/slotsPopulated': 2,
    'memory/channels': 2,
    'memory/bandwidth': 42.7,
  },
}
