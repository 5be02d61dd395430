import type { RecordedMachine } from '../recorded-host'

/** No tool tells an AMD card's clock under Windows: memory size from the registry, the rest from the list. */
export const machine: RecordedMachine = {
  platform: 'win32',
  commands: {
    powershell: `{"memory":{"Capacity":"17179869184","Speed":2666,"ConfiguredClockSpeed":2666,"DataWidth":64,"TotalWidth":64,"SMBIOSMemoryType":26,"FormFactor":8,"PartNumber":"99U5702-085.A00G","Manufacturer":"Kingston","DeviceLocator":"ChannelA-DIMM0","BankLabel":"BANK 0"},"arrays":{"MemoryDevices":2,"Use":3},"video":{"Name":"AMD Radeon RX 6600","AdapterCompatibility":"Advanced Micro Devices, Inc.","AdapterRAM":4293918720,"DriverVersion":"31.0.24002.92","PNPDeviceID":"PCI\\\\VEN_1002&DEV_73FF&SUBSYS_23181458&REV_C7\\\\6&1F9B9D1&0&00000008","ConfigManagerErrorCode":0},"cpu":{"Name":"Intel(R) Core(TM) i5-9400F CPU @ 2.90GHz","Manufacturer":"GenuineIntel","NumberOfCores":6,"NumberOfLogicalProcessors":6,"MaxClockSpeed":2904,"L3CacheSize":9216},"os":{"Caption":"Microsoft Windows 10 Home","Version":"10.0.19045","BuildNumber":"19045","TotalVisibleMemorySize":16706020,"FreePhysicalMemory":9012340},"system":{"Manufacturer":"Gigabyte Technology Co., Ltd.","Model":"B365M D3H"}}`,
    reg: `
HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0000
    DriverDesc    REG_SZ    AMD Radeon RX 6600
    MatchingDeviceId    REG_SZ    PCI\\VEN_1002&DEV_73FF&REV_C7
    HardwareInformation.MemorySize    REG_BINARY    0000F0FF
    HardwareInformation.qwMemorySize    REG_BINARY    0000F0FF01000000
`,
  },
  gpus: 1,
  expected: {
    'gpus/0/name': 'AMD Radeon RX 6600',
    'gpus/0/vendor': 'AMD',
    'gpus/0/memoryTotal': 0x1fff00000,
    'gpus/0/memoryType': 'GDDR6',
    'gpus/0/memoryBusWidth': 128,
    'gpus/0/memoryClockMax': 875,
    'gpus/0/memoryBandwidth': 224,
    'gpus/0/driver': '31.0.24002.92',
    'memory/channels': 1,
    'memory/bandwidth': 21.3,
    'cpu/threads': 6,
  },
}
