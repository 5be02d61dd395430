import type { RecordedMachine } from '../recorded-host'

/** Integrated and discrete side by side; the discrete one is named first, whatever the order of the sources. */
export const machine: RecordedMachine = {
  platform: 'win32',
  commands: {
    'nvidia-smi':
      'NVIDIA GeForce RTX 4060 Laptop GPU, 552.22, 00000000:01:00.0, 0x28A010DE, 8188, 0, 405, 8001, 210, 3105, 4, 8, [N/A], 44, 0, 8.9\r\n',
    powershell: `{"memory":[{"Capacity":8589934592,"Speed":4800,"ConfiguredClockSpeed":4800,"DataWidth":64,"TotalWidth":64,"SMBIOSMemoryType":34,"FormFactor":12,"PartNumber":"HMCG66AGBSA092N","Manufacturer":"SK Hynix","DeviceLocator":"Controller0-ChannelA-DIMM0","BankLabel":"BANK 0"},{"Capacity":8589934592,"Speed":4800,"ConfiguredClockSpeed":4800,"DataWidth":64,"TotalWidth":64,"SMBIOSMemoryType":34,"FormFactor":12,"PartNumber":"HMCG66AGBSA092N","Manufacturer":"SK Hynix","DeviceLocator":"Controller1-ChannelA-DIMM0","BankLabel":"BANK 1"}],"arrays":[{"MemoryDevices":2,"Use":3}],"video":[{"Name":"Intel(R) UHD Graphics","AdapterCompatibility":"Intel Corporation","AdapterRAM":1073741824,"DriverVersion":"31.0.101.4502","PNPDeviceID":"PCI\\\\VEN_8086&DEV_A788&SUBSYS_133E1043&REV_04\\\\3&11583659&0&10","ConfigManagerErrorCode":0},{"Name":"NVIDIA GeForce RTX 4060 Laptop GPU","AdapterCompatibility":"NVIDIA","AdapterRAM":4293918720,"DriverVersion":"31.0.15.5222","PNPDeviceID":"PCI\\\\VEN_10DE&DEV_28A0&SUBSYS_133E1043&REV_A1\\\\4&B8F8C05&0&0008","ConfigManagerErrorCode":0}],"cpu":[{"Name":"13th Gen Intel(R) Core(TM) i7-13650HX","Manufacturer":"GenuineIntel","NumberOfCores":14,"NumberOfLogicalProcessors":20,"MaxClockSpeed":2600,"L3CacheSize":24576}],"os":[{"Caption":"Microsoft Windows 11 Home","Version":"10.0.22631","BuildNumber":"22631","TotalVisibleMemorySize":16462000,"FreePhysicalMemory":7012340}],"system":[{"Manufacturer":"ASUSTeK COMPUTER INC.","Model":"ROG Strix G614JV"}]}`,
  },
  gpus: 2,
  expected: {
    'gpus/0/name': 'NVIDIA GeForce RTX 4060 Laptop GPU',
    'gpus/0/kind': 'discrete',
    'gpus/0/memoryBusWidth': 128,
    'gpus/0/memoryBandwidth': 256,
    'gpus/0/powerLimit': null,
    'gpus/1/name': 'Intel(R) UHD Graphics',
    'gpus/1/kind': 'integrated',
    'gpus/1/memoryBandwidth': 76.8,
    'memory/channels': 2,
    'memory/type': 'DDR5',
    'memory/bandwidth': 76.8,
  },
}
