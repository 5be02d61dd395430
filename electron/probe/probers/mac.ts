import type { Prober } from '../prober'
import { understood } from '../prober'
import { parseMacProfiler } from '../parsers/mac-profiler'
import { parseMacSysctl, SYSCTL_TREES } from '../parsers/mac-sysctl'
import { parseVmStat } from '../parsers/mac-vm-stat'

const TYPES = ['SPDisplaysDataType', 'SPMemoryDataType', 'SPHardwareDataType']

export const macProfiler: Prober = {
  name: 'system_profiler',
  platforms: ['darwin'],
  async probe(host, timeoutMs) {
    const args = ['-json', '-detailLevel', 'mini', ...TYPES]
    const output = await host.run('/usr/sbin/system_profiler', args, timeoutMs)
    return output.ok ? understood(parseMacProfiler(output.value.stdout), 'system_profiler') : output
  },
}

export const macSysctl: Prober = {
  name: 'sysctl',
  platforms: ['darwin'],
  async probe(host, timeoutMs) {
    const output = await host.run('/usr/sbin/sysctl', SYSCTL_TREES, timeoutMs)
    return output.ok ? understood(parseMacSysctl(output.value.stdout), 'sysctl') : output
  },
}

export const macVmStat: Prober = {
  name: 'vm_stat',
  platforms: ['darwin'],
  async probe(host, timeoutMs) {
    const output = await host.run('/usr/bin/vm_stat', [], timeoutMs)
    if (!output.ok) return output
    const memory = parseVmStat(output.value.stdout)
    return understood(memory && { memory }, 'vm_stat')
  },
}
