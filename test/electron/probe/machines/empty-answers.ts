import type { RecordedMachine } from '../recorded-host'

const files = [
  '/proc/cpuinfo',
  '/proc/meminfo',
  '/etc/os-release',
  '/sys/firmware/dmi/tables/DMI',
  '/run/udev/data/+dmi:id',
  '/sys/class/dmi/id/product_name',
  '/sys/bus/pci/devices/0000:01:00.0/class',
]

/** Every tool and file is there and says nothing. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: { 'nvidia-smi': '', lspci: '', dmidecode: '', python3: '', vulkaninfo: '' },
  files: Object.fromEntries(files.map((path) => [path, ''])),
  gpus: 0,
  expected: {
    'cpu/name': null,
    'cpu/threads': null,
    'memory/total': null,
    'memory/type': null,
    'os/name': null,
    'host/model': null,
  },
}
