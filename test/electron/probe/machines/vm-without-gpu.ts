import type { RecordedMachine } from '../recorded-host'
import { AVX2_FLAGS, meminfo, pciDevice, x86Cpuinfo } from '../parts'

/** A small virtual machine: no display at all, no DMI, nothing installed. */
export const machine: RecordedMachine = {
  platform: 'linux',
  runtime: { hostname: 'vm', kernel: '6.1.0' },
  files: {
    '/proc/cpuinfo': x86Cpuinfo({
      model: 'AMD EPYC',
      vendor: 'AuthenticAMD',
      cores: 2,
      threads: 2,
      flags: `${AVX2_FLAGS} hypervisor`,
    }),
    '/proc/meminfo': meminfo(24_684_096, 24_121_332),
    '/etc/os-release':
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\n',
    ...pciDevice('0000:00:01.0', { class: '0x010000\n', vendor: '0x1af4\n', device: '0x1001\n' }),
  },
  gpus: 0,
  expected: {
    'cpu/virtual': true,
    'cpu/cores': 2,
    'memory/total': 24_684_096 * 1024,
    'memory/used': (24_684_096 - 24_121_332) * 1024,
    'memory/type': null,
    'memory/bandwidth': null,
    'os/name': 'Debian GNU/Linux',
    'os/version': '12 (bookworm)',
    'disk/free': 128e9,
  },
}
