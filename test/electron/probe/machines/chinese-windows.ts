import type { RecordedMachine } from '../recorded-host'

/** A Chinese Windows: names and the closing sentence of reg.exe are translated, value names are not. */
export const machine: RecordedMachine = {
  platform: 'win32',
  commands: {
    powershell: `{"memory":[{"Capacity":17179869184,"Speed":5600,"ConfiguredClockSpeed":5600,"DataWidth":64,"TotalWidth":80,"SMBIOSMemoryType":34,"FormFactor":8,"PartNumber":"KVR56E46BD8-16","Manufacturer":"金士顿","DeviceLocator":"内存槽 1","BankLabel":"组 0"}],"arrays":[{"MemoryDevices":4,"Use":3}],"video":[{"Name":"NVIDIA GeForce GTX 1050","AdapterCompatibility":"NVIDIA","AdapterRAM":2147483648,"DriverVersion":"31.0.15.3713","PNPDeviceID":"PCI\\\\VEN_10DE&DEV_1C81&SUBSYS_85D81043&REV_A1\\\\4&1","ConfigManagerErrorCode":0}],"cpu":[{"Name":"Intel(R) Core(TM) i3-13100","Manufacturer":"GenuineIntel","NumberOfCores":4,"NumberOfLogicalProcessors":8,"MaxClockSpeed":3400,"L3CacheSize":12288}],"os":[{"Caption":"Microsoft Windows 11 专业版","Version":"10.0.22631","BuildNumber":"22631","TotalVisibleMemorySize":16566020,"FreePhysicalMemory":9012340}],"system":[{"Manufacturer":"技嘉","Model":"To Be Filled By O.E.M."}]}`,
    reg: { exitCode: 1, stdout: '错误: 系统找不到指定的注册表项或值。\r\n' },
  },
  gpus: 1,
  expected: {
    'gpus/0/memoryTotal': 2 * 1024 ** 3,
    'gpus/0/memoryType': 'GDDR5',
    'gpus/0/memoryBandwidth': 112,
    'memory/type': 'DDR5',
    'memory/ecc': true,
    'memory/channels': null,
    'memory/bandwidth': null,
    'os/name': 'Microsoft Windows 11 专业版',
  },
}
