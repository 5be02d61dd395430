import type { RecordedMachine } from '../recorded-host'

/** The 32-bit values say 2 GB for this card of 16 GB; only qwMemorySize is right. */
export const machine: RecordedMachine = {
  platform: 'win32',
  commands: {
    powershell: `{"memory":[],"arrays":[],"video":[{"Name":"Intel(R) Arc(TM) A770 Graphics","AdapterCompatibility":"Intel Corporation","AdapterRAM":2147479552,"DriverVersion":"32.0.101.6083","PNPDeviceID":"PCI\\\\VEN_8086&DEV_56A0&SUBSYS_10208086&REV_08\\\\6&2C0A8C6&0&00080008","ConfigManagerErrorCode":0}],"cpu":[],"os":[],"system":[]}`,
    reg: `
HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0000
    DriverDesc    REG_SZ    Intel(R) Arc(TM) A770 Graphics
    MatchingDeviceId    REG_SZ    PCI\\VEN_8086&DEV_56A0
    HardwareInformation.MemorySize    REG_DWORD    0x7ffff000
    HardwareInformation.qwMemorySize    REG_QWORD    0x3fa000000
`,
  },
  gpus: 1,
  expected: {
    'gpus/0/kind': 'discrete',
    'gpus/0/memoryTotal': 0x3fa000000,
    'gpus/0/memoryBandwidth': 560,
    'memory/type': null,
    'cpu/cores': null,
  },
}
