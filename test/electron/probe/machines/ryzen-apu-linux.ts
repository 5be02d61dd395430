import type { RecordedMachine } from '../recorded-host'
import { AVX512_FLAGS, meminfo, pciDevice, pciDriver, x86Cpuinfo } from '../parts'

const chip = (n: number, channel: string) => `E:MEMORY_DEVICE_${n}_TOTAL_WIDTH=32
E:MEMORY_DEVICE_${n}_DATA_WIDTH=32
E:MEMORY_DEVICE_${n}_SIZE=8589934592
E:MEMORY_DEVICE_${n}_FORM_FACTOR=Row Of Chips
E:MEMORY_DEVICE_${n}_LOCATOR=DIMM 0
E:MEMORY_DEVICE_${n}_BANK_LOCATOR=P0 CHANNEL ${channel}
E:MEMORY_DEVICE_${n}_TYPE=LPDDR5
E:MEMORY_DEVICE_${n}_SPEED_MTS=6400
E:MEMORY_DEVICE_${n}_CONFIGURED_SPEED_MTS=6400
`

/** A laptop APU: 512 MB set aside, the real pool is GTT, and the memory is four 32-bit LPDDR5 channels. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: {
    lspci:
      '0000:c1:00.0 "VGA compatible controller [0300]" "Advanced Micro Devices, Inc. [AMD/ATI] [1002]" "Phoenix1 [15bf]" -rc4 "Lenovo [17aa]" "Device [50d9]"\n',
    python3:
      '{"nvml": [], "amdgpu": [{"busId": "0000:c1:00.0", "vramType": 12, "busWidth": 128, "memoryClock": 1600000}]}',
  },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: 'AMD Ryzen 7 7840U w/ Radeon 780M Graphics',
      vendor: 'AuthenticAMD',
      cores: 8,
      threads: 16,
      flags: AVX512_FLAGS,
    }),
    '/proc/meminfo': meminfo(32_170_000, 24_500_000),
    '/run/udev/data/+dmi:id': `E:MEMORY_ARRAY_NUM_DEVICES=4
${chip(0, 'A')}${chip(1, 'B')}${chip(2, 'C')}${chip(3, 'D')}`,
    '/usr/share/libdrm/amdgpu.ids': '15BF,\tC4,\tAMD Radeon 780M Graphics\n',
    ...pciDevice('0000:c1:00.0', {
      class: '0x030000\n',
      vendor: '0x1002\n',
      device: '0x15bf\n',
      revision: '0xc4\n',
      mem_info_vram_total: '536870912\n',
      mem_info_vram_used: '301989888\n',
      mem_info_gtt_total: '16471040000\n',
      pp_dpm_mclk: '0: 400Mhz *\n1: 800Mhz \n2: 1600Mhz \n',
    }),
  },
  links: pciDriver('0000:c1:00.0', 'amdgpu'),
  gpus: 1,
  expected: {
    'gpus/0/name': 'AMD Radeon 780M Graphics',
    'gpus/0/kind': 'integrated',
    'gpus/0/memoryTotal': 536870912,
    'gpus/0/memoryShared': 16471040000,
    'gpus/0/memoryType': 'LPDDR5',
    'gpus/0/memoryBusWidth': 128,
    'gpus/0/memoryBandwidth': 102.4,
    'memory/type': 'LPDDR5',
    'memory/channels': 2,
    'memory/bandwidth': 102.4,
  },
}
