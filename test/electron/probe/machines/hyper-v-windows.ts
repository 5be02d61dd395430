import type { RecordedMachine } from '../recorded-host'

/** Windows in Hyper-V, seen over remote desktop: two display adapters, neither a card. */
export const machine: RecordedMachine = {
  platform: 'win32',
  commands: {
    powershell: `\uFEFF{"memory":[{"Capacity":4294967296,"Speed":null,"ConfiguredClockSpeed":null,"DataWidth":0,"TotalWidth":0,"SMBIOSMemoryType":2,"FormFactor":0,"PartNumber":"None","Manufacturer":"Microsoft Corporation","DeviceLocator":"M0001","BankLabel":"None"}],"arrays":[{"MemoryDevices":1,"Use":3}],"video":[{"Name":"Microsoft Hyper-V Video","AdapterCompatibility":"Microsoft","AdapterRAM":null,"DriverVersion":"10.0.20348.1","PNPDeviceID":"VMBUS\\\\{DA0A7802-E377-4AAC-8E77-0558EB1073F8}\\\\{5620E0C7}","ConfigManagerErrorCode":0},{"Name":"Microsoft Remote Display Adapter","AdapterCompatibility":"Microsoft","AdapterRAM":null,"DriverVersion":"10.0.20348.1","PNPDeviceID":"SWD\\\\REMOTEDISPLAYENUM\\\\RDPIDD_INDIRECTDISPLAY&SESSIONID_0002","ConfigManagerErrorCode":0}],"cpu":[{"Name":"Intel(R) Xeon(R) Platinum 8370C CPU @ 2.80GHz","Manufacturer":"GenuineIntel","NumberOfCores":2,"NumberOfLogicalProcessors":4,"MaxClockSpeed":2793,"L3CacheSize":49152}],"os":[{"Caption":"Microsoft Windows Server 2022 Datacenter","Version":"10.0.20348","BuildNumber":"20348","TotalVisibleMemorySize":4193784,"FreePhysicalMemory":1012340}],"system":[{"Manufacturer":"Microsoft Corporation","Model":"Virtual Machine"}]}`,
  },
  gpus: 2,
  expected: {
    'gpus/0/kind': 'virtual',
    'gpus/0/memoryTotal': null,
    'gpus/0/id': 'gpu:0',
    'gpus/1/id': 'gpu:1',
    'gpus/1/kind': 'virtual',
    'cpu/virtual': true,
    'memory/type': null,
    'memory/speed': null,
    'memory/ecc': null,
    'memory/channels': null,
  },
}
