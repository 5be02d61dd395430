import type { RecordedMachine } from '../recorded-host'
import { AVX512_FLAGS, meminfo, pciDevice, pciDriver, x86Cpuinfo } from '../parts'

/** A desktop where everything answers: driver 550, idle memory clock of 405 MHz, DDR5 told by udev. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: {
    'nvidia-smi':
      'NVIDIA GeForce RTX 4090, 550.54.14, 00000000:01:00.0, 0x268410DE, 24564, 312, 405, 10501, 210, 3105, 4, 16, 450.00, 34, 0, 8.9\n',
    python3:
      '{"nvml": [{"busId": "00000000:01:00.0", "busWidth": 384, "memoryClock": 10501}], "amdgpu": []}\n',
    lspci: `0000:00:00.0 "Host bridge [0600]" "Advanced Micro Devices, Inc. [AMD] [1022]" "Device [14d8]" "" ""
0000:01:00.0 "VGA compatible controller [0300]" "NVIDIA Corporation [10de]" "AD102 [GeForce RTX 4090] [2684]" -ra1 "ASUSTeK Computer Inc. [1043]" "Device [889a]"
0000:01:00.1 "Audio device [0403]" "NVIDIA Corporation [10de]" "AD102 High Definition Audio Controller [22ba]" -ra1 "" ""
`,
    vulkaninfo: `==========
VULKANINFO
==========

Vulkan Instance Version: 1.3.275

Devices:
========
GPU0:
	apiVersion         = 1.3.277
	driverVersion      = 550.54.14.0
	vendorID           = 0x10de
	deviceID           = 0x2684
	deviceType         = PHYSICAL_DEVICE_TYPE_DISCRETE_GPU
	deviceName         = NVIDIA GeForce RTX 4090
GPU1:
	apiVersion         = 1.3.274
	driverVersion      = 0.0.1
	vendorID           = 0x10005
	deviceID           = 0x0000
	deviceType         = PHYSICAL_DEVICE_TYPE_CPU
	deviceName         = llvmpipe (LLVM 17.0.6, 256 bits)
`,
  },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: 'AMD Ryzen 9 7950X 16-Core Processor',
      vendor: 'AuthenticAMD',
      cores: 16,
      threads: 32,
      flags: AVX512_FLAGS,
    }),
    '/proc/meminfo': meminfo(65_013_884, 60_104_212),
    '/sys/class/dmi/id/product_name': 'System Product Name\n',
    '/sys/firmware/dmi/tables/DMI': null,
    '/run/udev/data/+dmi:id': `I:3158713
E:ID_SYSFS_ATTRIBUTE_MODEL=product_name
E:MEMORY_ARRAY_LOCATION=System Board Or Motherboard
E:MEMORY_ARRAY_MAX_CAPACITY=137438953472
E:MEMORY_DEVICE_0_PRESENT=0
E:MEMORY_DEVICE_0_LOCATOR=DIMM 0
E:MEMORY_DEVICE_0_BANK_LOCATOR=P0 CHANNEL A
E:MEMORY_DEVICE_0_TYPE=Unknown
E:MEMORY_DEVICE_1_TOTAL_WIDTH=64
E:MEMORY_DEVICE_1_DATA_WIDTH=64
E:MEMORY_DEVICE_1_SIZE=34359738368
E:MEMORY_DEVICE_1_FORM_FACTOR=DIMM
E:MEMORY_DEVICE_1_LOCATOR=DIMM 1
E:MEMORY_DEVICE_1_BANK_LOCATOR=P0 CHANNEL A
E:MEMORY_DEVICE_1_TYPE=DDR5
E:MEMORY_DEVICE_1_SPEED_MTS=4800
E:MEMORY_DEVICE_1_MANUFACTURER=G Skill Intl
E:MEMORY_DEVICE_1_PART_NUMBER=F5-6000J3040G32G
E:MEMORY_DEVICE_1_CONFIGURED_SPEED_MTS=6000
E:MEMORY_DEVICE_2_PRESENT=0
E:MEMORY_DEVICE_2_LOCATOR=DIMM 0
E:MEMORY_DEVICE_2_BANK_LOCATOR=P0 CHANNEL B
E:MEMORY_DEVICE_3_TOTAL_WIDTH=64
E:MEMORY_DEVICE_3_DATA_WIDTH=64
E:MEMORY_DEVICE_3_SIZE=34359738368
E:MEMORY_DEVICE_3_FORM_FACTOR=DIMM
E:MEMORY_DEVICE_3_LOCATOR=DIMM 1
E:MEMORY_DEVICE_3_BANK_LOCATOR=P0 CHANNEL B
E:MEMORY_DEVICE_3_TYPE=DDR5
E:MEMORY_DEVICE_3_SPEED_MTS=4800
E:MEMORY_DEVICE_3_MANUFACTURER=G Skill Intl
E:MEMORY_DEVICE_3_PART_NUMBER=F5-6000J3040G32G
E:MEMORY_DEVICE_3_CONFIGURED_SPEED_MTS=6000
E:MEMORY_ARRAY_NUM_DEVICES=4
`,
    ...pciDevice('0000:01:00.0', {
      class: '0x030000\n',
      vendor: '0x10de\n',
      device: '0x2684\n',
      revision: '0xa1\n',
      max_link_speed: '16.0 GT/s PCIe\n',
      max_link_width: '16\n',
    }),
  },
  links: pciDriver('0000:01:00.0', 'nvidia'),
  gpus: 1,
  expected: {
    'gpus/0/id': 'pci:0000:01:00.0',
    'gpus/0/name': 'NVIDIA GeForce RTX 4090',
    'gpus/0/kind': 'discrete',
    'gpus/0/memoryTotal': 24564 * 1024 ** 2,
    'gpus/0/memoryType': 'GDDR6X',
    'gpus/0/memoryClock': 405,
    'gpus/0/memoryClockMax': 10501,
    'gpus/0/memoryBusWidth': 384,
    'gpus/0/memoryBandwidth': 1008,
    'gpus/0/driver': '550.54.14',
    'gpus/0/pcieGeneration': 4,
    'gpus/0/pcieWidth': 16,
    'gpus/0/apis': 'CUDA (compute 8.9),Vulkan 1.3',
    'cpu/cores': 16,
    'cpu/threads': 32,
    'cpu/simd': 'AVX-512',
    'memory/type': 'DDR5',
    'memory/speed': 6000,
    'memory/speedRated': 4800,
    'memory/channels': 2,
    'memory/slots': 4,
    'memory/slotsPopulated': 2,
    'memory/ecc': false,
    'memory/bandwidth': 96,
    'host/model': null,
  },
}
