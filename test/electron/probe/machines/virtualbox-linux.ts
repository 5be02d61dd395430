import type { RecordedMachine } from '../recorded-host'
import { AVX2_FLAGS, meminfo, pciDevice, pciDriver, x86Cpuinfo } from '../parts'

/** VirtualBox: a virtual display adapter, whose PCI region must not pass for video memory. */
export const machine: RecordedMachine = {
  platform: 'linux',
  commands: {
    lspci:
      '0000:00:02.0 "VGA compatible controller [0300]" "InnoTek Systemberatung GmbH [80ee]" "VirtualBox Graphics Adapter [beef]" "" ""\n',
    vulkaninfo: `GPU0:
	apiVersion         = 1.3.274
	vendorID           = 0x10005
	deviceID           = 0x0000
	deviceType         = PHYSICAL_DEVICE_TYPE_CPU
	deviceName         = llvmpipe (LLVM 17.0.6, 256 bits)
`,
  },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: '12th Gen Intel(R) Core(TM) i7-12700H',
      vendor: 'GenuineIntel',
      cores: 2,
      threads: 2,
      flags: `${AVX2_FLAGS} hypervisor`,
    }),
    '/proc/meminfo': meminfo(4_000_000, 3_000_000),
    '/sys/class/dmi/id/product_name': 'VirtualBox\n',
    ...pciDevice('0000:00:02.0', {
      class: '0x030000\n',
      vendor: '0x80ee\n',
      device: '0xbeef\n',
      resource: '0x00000000e0000000 0x00000000e0ffffff 0x0000000000042208\n',
    }),
  },
  links: pciDriver('0000:00:02.0', 'vboxvideo'),
  gpus: 1,
  expected: {
    'gpus/0/kind': 'virtual',
    'gpus/0/memoryTotal': null,
    'gpus/0/memoryBandwidth': null,
    'host/model': 'VirtualBox',
  },
}
