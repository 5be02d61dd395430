import type { RecordedMachine } from '../recorded-host'

const key =
  'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}'
const video = (instance: string) =>
  `{"Name":"NVIDIA GeForce RTX 3090","AdapterCompatibility":"NVIDIA","AdapterRAM":4293918720,"DriverVersion":"31.0.15.3623","PNPDeviceID":"PCI\\\\VEN_10DE&DEV_2204&SUBSYS_39883842&REV_A1\\\\${instance}","ConfigManagerErrorCode":0}`

/** Twins: three sources, two of each, and still two cards. */
export const machine: RecordedMachine = {
  platform: 'win32',
  commands: {
    'nvidia-smi': `NVIDIA GeForce RTX 3090, 536.23, 00000000:17:00.0, 0x220410DE, 24576, 1200, 9751, 9751, 1695, 2100, 4, 16, 350.00, 50, 5, 8.6
NVIDIA GeForce RTX 3090, 536.23, 00000000:65:00.0, 0x220410DE, 24576, 0, 405, 9751, 210, 2100, 4, 16, 350.00, 38, 0, 8.6
`,
    powershell: `{"memory":[],"arrays":[],"video":[${video('4&1')},${video('4&2')}],"cpu":[],"os":[],"system":[]}`,
    reg: ['0000', '0001']
      .map(
        (n) => `
${key}\\${n}
    DriverDesc    REG_SZ    NVIDIA GeForce RTX 3090
    MatchingDeviceId    REG_SZ    pci\\ven_10de&dev_2204
    HardwareInformation.qwMemorySize    REG_QWORD    0x600000000
`,
      )
      .join(''),
  },
  gpus: 2,
  expected: {
    'gpus/0/id': 'pci:0000:17:00.0',
    'gpus/1/id': 'pci:0000:65:00.0',
    'gpus/0/memoryBandwidth': 936,
    'gpus/1/memoryClock': 405,
    'gpus/1/memoryBandwidth': 936,
  },
}
