import type { RecordedMachine } from '../recorded-host'
import { AVX2_FLAGS, meminfo, pciDevice, pciDriver, x86Cpuinfo } from '../parts'

/** amdgpu tells sizes and clocks in sysfs, type and width by ioctl; the name comes from amdgpu.ids by revision. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: {
    lspci:
      '0000:0c:00.0 "VGA compatible controller [0300]" "Advanced Micro Devices, Inc. [AMD/ATI] [1002]" "Navi 31 [Radeon RX 7900 XT/7900 XTX/7900M] [744c]" -rc8 "Sapphire Technology Limited [1da2]" "NITRO+ RX 7900 XTX Vapor-X [e471]"\n',
    python3:
      '{"nvml": [], "amdgpu": [{"busId": "0000:0c:00.0", "vramType": 9, "busWidth": 384, "memoryClock": 1249000}]}',
  },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: 'AMD Ryzen 7 5800X3D 8-Core Processor',
      vendor: 'AuthenticAMD',
      cores: 8,
      threads: 16,
      flags: AVX2_FLAGS,
    }),
    '/proc/meminfo': meminfo(32_780_000, 28_100_000),
    '/usr/share/libdrm/amdgpu.ids': `# List of AMDGPU IDs
#
# Syntax:
# device_id,	revision_id,	product_name        <-- single tab after comma

1.0.0
744C,	C8,	AMD Radeon RX 7900 XTX
744C,	CC,	AMD Radeon RX 7900 XT
744C,	CE,	AMD Radeon RX 7900 GRE
`,
    ...pciDevice('0000:0c:00.0', {
      class: '0x030000\n',
      vendor: '0x1002\n',
      device: '0x744c\n',
      revision: '0xc8\n',
      max_link_speed: '16.0 GT/s PCIe\n',
      max_link_width: '16\n',
      mem_info_vram_total: '25753026560\n',
      mem_info_vram_used: '1206218752\n',
      mem_info_vis_vram_total: '268435456\n',
      mem_info_gtt_total: '16782950400\n',
      pp_dpm_mclk: '0: 96Mhz *\n1: 456Mhz \n2: 772Mhz \n3: 1249Mhz \n',
      pp_dpm_sclk: '0: 500Mhz *\n1: 2482Mhz \n',
      gpu_busy_percent: '2\n',
    }),
  },
  links: pciDriver('0000:0c:00.0', 'amdgpu'),
  gpus: 1,
  expected: {
    'gpus/0/name': 'AMD Radeon RX 7900 XTX',
    'gpus/0/kind': 'discrete',
    'gpus/0/memoryTotal': 25753026560,
    'gpus/0/memoryUsed': 1206218752,
    'gpus/0/memoryShared': 16782950400,
    'gpus/0/memoryType': 'GDDR6',
    'gpus/0/memoryClock': 96,
    'gpus/0/memoryClockMax': 1249,
    'gpus/0/memoryBusWidth': 384,
    'gpus/0/memoryBandwidth': 959,
    'gpus/0/driver': 'amdgpu',
    'gpus/0/coreClockMax': 2482,
  },
}
