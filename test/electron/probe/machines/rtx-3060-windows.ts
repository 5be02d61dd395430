import type { RecordedMachine } from '../recorded-host'

/** An RTX 3060 of 12 GB under Windows 11; the registry still has the key of a card that was sold. */
export const machine: RecordedMachine = {
  platform: 'win32',
  commands: {
    'nvidia-smi':
      'NVIDIA GeForce RTX 3060, 551.86, 00000000:2B:00.0, 0x250310DE, 12288, 1024, 7501, 7501, 1807, 2130, 4, 16, 170.00, 45, 3, 8.6\r\n',
    powershell: `{"memory":[{"Capacity":17179869184,"Speed":3200,"ConfiguredClockSpeed":3200,"DataWidth":64,"TotalWidth":64,"SMBIOSMemoryType":26,"FormFactor":8,"PartNumber":"CMK32GX4M2E3200C16  ","Manufacturer":"Corsair","DeviceLocator":"DIMM_A2","BankLabel":"BANK 1"},{"Capacity":17179869184,"Speed":3200,"ConfiguredClockSpeed":3200,"DataWidth":64,"TotalWidth":64,"SMBIOSMemoryType":26,"FormFactor":8,"PartNumber":"CMK32GX4M2E3200C16  ","Manufacturer":"Corsair","DeviceLocator":"DIMM_B2","BankLabel":"BANK 3"}],"arrays":[{"MemoryDevices":4,"Use":3}],"video":[{"Name":"NVIDIA GeForce RTX 3060","AdapterCompatibility":"NVIDIA","AdapterRAM":4293918720,"DriverVersion":"31.0.15.5186","PNPDeviceID":"PCI\\\\VEN_10DE&DEV_2503&SUBSYS_39961462&REV_A1\\\\4&2283F625&0&0019","ConfigManagerErrorCode":0}],"cpu":[{"Name":"AMD Ryzen 5 5600X 6-Core Processor              ","Manufacturer":"AuthenticAMD","NumberOfCores":6,"NumberOfLogicalProcessors":12,"MaxClockSpeed":3701,"L3CacheSize":32768}],"os":[{"Caption":"Microsoft Windows 11 Pro","Version":"10.0.22631","BuildNumber":"22631","TotalVisibleMemorySize":33457196,"FreePhysicalMemory":21345678}],"system":[{"Manufacturer":"Micro-Star International Co., Ltd.","Model":"MS-7C91"}]}`,
    reg: {
      exitCode: 1,
      stdout: `\r
HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\r
    (Default)    REG_SZ    Display adapters\r
    Class    REG_SZ    Display\r
\r
HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0000\r
    DriverDesc    REG_SZ    AMD Radeon RX 580 2048SP\r
    MatchingDeviceId    REG_SZ    PCI\\VEN_1002&DEV_6FDF&REV_EF\r
    HardwareInformation.qwMemorySize    REG_QWORD    0x200000000\r
\r
HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0001\r
    DriverDesc    REG_SZ    NVIDIA GeForce RTX 3060\r
    ProviderName    REG_SZ    NVIDIA\r
    DriverVersion    REG_SZ    31.0.15.5186\r
    MatchingDeviceId    REG_SZ    pci\\ven_10de&dev_2503\r
    HardwareInformation.MemorySize    REG_DWORD    0xfff00000\r
    HardwareInformation.qwMemorySize    REG_QWORD    0x300000000\r
\r
HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0001\\Properties\r
ERROR: Access is denied.\r
`,
    },
  },
  gpus: 1,
  expected: {
    'gpus/0/name': 'NVIDIA GeForce RTX 3060',
    'gpus/0/memoryTotal': 12 * 1024 ** 3,
    'gpus/0/memoryClockMax': 7501,
    'gpus/0/memoryType': 'GDDR6',
    'gpus/0/memoryBusWidth': 192,
    'gpus/0/memoryBandwidth': 360,
    'gpus/0/driver': '551.86',
    'cpu/name': 'AMD Ryzen 5 5600X 6-Core Processor',
    'cpu/cores': 6,
    'cpu/threads': 12,
    'cpu/cacheL3': 32 * 1024 ** 2,
    'cpu/simd': null,
    'cpu/virtual': false,
    'memory/type': 'DDR4',
    'memory/channels': 2,
    'memory/bandwidth': 51.2,
    'memory/slots': 4,
    'os/name': 'Microsoft Windows 11 Pro',
  },
}
