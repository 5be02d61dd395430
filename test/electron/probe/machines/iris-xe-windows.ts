import type { RecordedMachine } from '../recorded-host'

const chip = (locator: string) =>
  `{"Capacity":2147483648,"Speed":4267,"ConfiguredClockSpeed":4267,"DataWidth":16,"TotalWidth":16,"SMBIOSMemoryType":30,"FormFactor":0,"PartNumber":"K4UBE3D4AA-MGCL","Manufacturer":"Samsung","DeviceLocator":"${locator}","BankLabel":"BANK 0"}`

/** Integrated graphics: a 128 MB carve-out, system memory for the rest, eight 16-bit LPDDR4 channels. */
export const machine: RecordedMachine = {
  platform: 'win32',
  commands: {
    powershell: `{"memory":[${[0, 1]
      .flatMap((controller) =>
        ['A', 'B', 'C', 'D'].map((c) => chip(`Controller${controller}-Channel${c}`)),
      )
      .join(
        ',',
      )}],"arrays":[{"MemoryDevices":8,"Use":3}],"video":[{"Name":"Intel(R) Iris(R) Xe Graphics","AdapterCompatibility":"Intel Corporation","AdapterRAM":134217728,"DriverVersion":"31.0.101.4575","PNPDeviceID":"PCI\\\\VEN_8086&DEV_9A49&SUBSYS_0A201028&REV_01\\\\3&11583659&0&10","ConfigManagerErrorCode":0}],"cpu":[{"Name":"11th Gen Intel(R) Core(TM) i7-1165G7 @ 2.80GHz","Manufacturer":"GenuineIntel","NumberOfCores":4,"NumberOfLogicalProcessors":8,"MaxClockSpeed":2803,"L3CacheSize":12288}],"os":[{"Caption":"Microsoft Windows 11 Home","Version":"10.0.22621","BuildNumber":"22621","TotalVisibleMemorySize":16458320,"FreePhysicalMemory":8012340}],"system":[{"Manufacturer":"Dell Inc.","Model":"XPS 13 9310"}]}`,
    reg: `
HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0000
    DriverDesc    REG_SZ    Intel(R) Iris(R) Xe Graphics
    MatchingDeviceId    REG_SZ    PCI\\VEN_8086&DEV_9A49
`,
  },
  gpus: 1,
  expected: {
    'gpus/0/kind': 'integrated',
    'gpus/0/memoryTotal': 134217728,
    'gpus/0/memoryType': 'LPDDR4',
    'gpus/0/memoryBandwidth': 68.3,
    'memory/channels': 2,
    'memory/busWidth': 128,
    'memory/bandwidth': 68.3,
    'host/model': 'Dell Inc. XPS 13 9310',
  },
}
