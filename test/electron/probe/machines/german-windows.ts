import type { RecordedMachine } from '../recorded-host'

/** A German Windows whose tools answer in the OEM code page: umlauts arrive broken, values arrive whole. */
export const machine: RecordedMachine = {
  platform: 'win32',
  commands: {
    'nvidia-smi': {
      exitCode: 1,
      stdout:
        'Der Befehl "nvidia-smi" ist entweder falsch geschrieben oder\nkonnte nicht gefunden werden.\n',
    },
    powershell: `{"memory":[{"Capacity":8589934592,"Speed":2400,"ConfiguredClockSpeed":2400,"DataWidth":64,"TotalWidth":64,"SMBIOSMemoryType":26,"FormFactor":12,"PartNumber":"M471A1K43CB1-CRC","Manufacturer":"Samsung","DeviceLocator":"ChannelA-DIMM0","BankLabel":"BANK 0"}],"arrays":[{"MemoryDevices":2,"Use":3}],"video":[{"Name":"Intel(R) UHD Graphics 620","AdapterCompatibility":"Intel Corporation","AdapterRAM":1073741824,"DriverVersion":"31.0.101.2111","PNPDeviceID":"PCI\\\\VEN_8086&DEV_5917&SUBSYS_225917AA&REV_07\\\\3&11583659&0&10","ConfigManagerErrorCode":0}],"cpu":[{"Name":"Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz","Manufacturer":"GenuineIntel","NumberOfCores":4,"NumberOfLogicalProcessors":8,"MaxClockSpeed":1800,"L3CacheSize":6144}],"os":[{"Caption":"Microsoft Windows 10 Pro f\uFFFDr Arbeitsstationen","Version":"10.0.19045","BuildNumber":"19045","TotalVisibleMemorySize":8266132,"FreePhysicalMemory":3012340}],"system":[{"Manufacturer":"LENOVO","Model":"20L5CTO1WW"}]}`,
    reg: `
HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0000
    DriverDesc    REG_SZ    Intel(R) UHD Graphics 620
    MatchingDeviceId    REG_SZ    PCI\\VEN_8086&DEV_5917
    HardwareInformation.qwMemorySize    REG_QWORD    0x40000000

FEHLER: Zugriff verweigert

Suche abgeschlossen: 12 \uFFFDbereinstimmung(en) gefunden.
`,
  },
  gpus: 1,
  expected: {
    'gpus/0/kind': 'integrated',
    'gpus/0/memoryTotal': 1024 ** 3,
    'gpus/0/memoryBandwidth': 19.2,
    'memory/channels': 1,
    'cpu/cores': 4,
  },
}
