import type { RecordedMachine } from '../recorded-host'

/** PowerShell did not answer in time: the registry is all there is, and nothing contradicts it. */
export const machine: RecordedMachine = {
  platform: 'win32',
  runtime: {
    cpus: Array.from({ length: 8 }, () => ({ model: 'AMD Ryzen 3 5300G', speed: 4000 })),
    totalMemory: 17_034_747_904,
    freeMemory: 8_034_747_904,
    osVersion: 'Windows 10 Pro',
    kernel: '10.0.19045',
  },
  commands: {
    powershell: { reason: 'timeout', detail: 'powershell.exe: no answer in 1200 ms' },
    reg: `
HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0000
    DriverDesc    REG_SZ    AMD Radeon RX 6700 XT
    DriverVersion    REG_SZ    31.0.21921.1000
    MatchingDeviceId    REG_SZ    PCI\\VEN_1002&DEV_73DF&REV_C1
    HardwareInformation.qwMemorySize    REG_QWORD    0x2ff000000
`,
  },
  gpus: 1,
  expected: {
    'gpus/0/name': 'AMD Radeon RX 6700 XT',
    'gpus/0/memoryTotal': 0x2ff000000,
    'gpus/0/memoryBandwidth': 384,
    'cpu/name': 'AMD Ryzen 3 5300G',
    'cpu/threads': 8,
    'cpu/cores': null,
    'memory/total': 17_034_747_904,
    'os/version': 'Windows 10 Pro',
  },
}
