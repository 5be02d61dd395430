import type { RecordedAnswer } from './recorded-host'

/** What an Apple silicon Mac's tools print, with the values that differ between models. */
export function appleTools(chip: {
  readonly name: string
  readonly gpuCores: number
  readonly performance: number
  readonly efficiency: number
  readonly memoryGib: number
  readonly type: string
  readonly wiredLimitMb?: number
}): Record<string, RecordedAnswer> {
  const cores = chip.performance + chip.efficiency
  return {
    system_profiler: `{
  "SPDisplaysDataType" : [
    {
      "_name" : "${chip.name}",
      "spdisplays_mtlgpufamilysupport" : "spdisplays_metal3",
      "spdisplays_ndrvs" : [
        { "_name" : "Color LCD", "_spdisplays_pixels" : "3456 x 2234", "spdisplays_main" : "spdisplays_yes" }
      ],
      "spdisplays_vendor" : "sppci_vendor_Apple",
      "sppci_bus" : "spdisplays_builtin",
      "sppci_cores" : "${chip.gpuCores}",
      "sppci_device_type" : "spdisplays_gpu",
      "sppci_model" : "${chip.name}"
    }
  ],
  "SPHardwareDataType" : [
    {
      "_name" : "hardware_overview",
      "chip_type" : "${chip.name}",
      "machine_name" : "MacBook Pro",
      "number_processors" : "proc ${cores}:${chip.performance}:${chip.efficiency}",
      "physical_memory" : "${chip.memoryGib} GB"
    }
  ],
  "SPMemoryDataType" : [
    { "dimm_manufacturer" : "Hynix", "dimm_type" : "${chip.type}", "SPMemoryDataType" : "${chip.memoryGib} GB" }
  ]
}
`,
    sysctl: {
      exitCode: 1,
      stdout: `hw.ncpu: ${cores}
hw.memsize: ${chip.memoryGib * 1024 ** 3}
hw.physicalcpu: ${cores}
hw.logicalcpu: ${cores}
hw.packages: 1
hw.nperflevels: 2
hw.perflevel0.physicalcpu: ${chip.performance}
hw.perflevel0.l1dcachesize: 131072
hw.perflevel0.l2cachesize: 16777216
hw.perflevel1.physicalcpu: ${chip.efficiency}
hw.perflevel1.l1dcachesize: 65536
hw.perflevel1.l2cachesize: 4194304
hw.l1dcachesize: 65536
hw.l2cachesize: 4194304
hw.optional.neon: 1
hw.optional.AdvSIMD: 1
hw.model: Mac15,9
machdep.cpu.brand_string: ${chip.name}
machdep.cpu.core_count: ${cores}
iogpu.wired_limit_mb: ${chip.wiredLimitMb ?? 0}
kern.osproductversion: 14.5
`,
    },
    vm_stat: `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                              100000.
Pages active:                            400000.
Pages inactive:                          200000.
Pages speculative:                         1000.
Pages throttled:                              0.
Pages wired down:                        120000.
"Translation faults":                 123456789.
`,
  }
}
