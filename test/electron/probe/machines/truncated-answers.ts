import type { RecordedMachine } from '../recorded-host'
import { AVX2_FLAGS, pciDevice, pciDriver, smbiosModule, x86Cpuinfo } from '../parts'

const dimm = smbiosModule({
  size: 16_384,
  type: 0x1a,
  locator: 'DIMM_A1',
  bank: 'BANK 0',
  speed: 3200,
  configured: 3200,
  totalWidth: 64,
  dataWidth: 64,
})

/** Every answer breaks off in the middle; what came whole before that counts. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: {
    'nvidia-smi': 'NVIDIA GeForce RTX 3080, 550.54.14, 00000000:01:00.0, 0x220610DE, 102',
    lspci:
      '0000:01:00.0 "VGA compatible controller [0300]" "NVIDIA Corporation [10de]" "GA102 [GeFor',
    python3: '{"nvml": [{"busId": "00000000:01:00.0", "busWi',
    vulkaninfo: 'GPU0:\n\tapiVersion         = 1.3.2',
    dmidecode: 'Handle 0x0011, DMI type 17, 84 bytes\nMemory Device\n\tTotal Width: 64 bits\n\tSi',
  },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: 'Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz',
      vendor: 'GenuineIntel',
      cores: 6,
      threads: 12,
      flags: AVX2_FLAGS,
    }).slice(0, 120),
    '/proc/meminfo': 'MemTotal:       3278',
    '/sys/firmware/dmi/tables/DMI': dimm.slice(0, 40),
    ...pciDevice('0000:01:00.0', {
      class: '0x030000\n',
      vendor: '0x10de\n',
      device: '0x22\n',
      max_link_speed: '16.',
      max_link_width: '',
    }),
  },
  links: pciDriver('0000:01:00.0', 'nvidia'),
  gpus: 1,
  expected: {
    'gpus/0/name': null,
    'gpus/0/vendor': 'NVIDIA',
    'gpus/0/memoryTotal': null,
    'gpus/0/memoryClockMax': null,
    'gpus/0/memoryBusWidth': null,
    'gpus/0/pcieGeneration': null,
    'gpus/0/pcieWidth': null,
    'memory/total': null,
    'memory/type': null,
    'cpu/cores': null,
  },
}
