import { ok } from '#core/tensor/result'
import type { Host } from '../host'
import type { Prober } from '../prober'
import { understood } from '../prober'
import { parseCpuinfo } from '../parsers/proc-cpuinfo'
import { parseSysfsCpu, type CpuFiles } from '../parsers/sysfs-cpu'

const CPUS = '/sys/devices/system/cpu'

export const procCpuinfo: Prober = {
  name: '/proc/cpuinfo',
  platforms: ['linux'],
  async probe(host) {
    const text = await host.readText('/proc/cpuinfo')
    if (!text.ok) return text
    const cpu = parseCpuinfo(text.value)
    return understood(cpu && { cpu }, '/proc/cpuinfo')
  },
}

export const sysfsCpu: Prober = {
  name: 'CPU sysfs',
  platforms: ['linux'],
  async probe(host) {
    const folders = (await host.list(CPUS))
      .filter((name) => /^cpu\d+$/.test(name))
      .toSorted((a, b) => Number(a.slice(3)) - Number(b.slice(3)))
    const text = (path: string) => optional(host, path)
    const caches = (await host.list(`${CPUS}/cpu0/cache`)).filter((name) => /^index\d$/.test(name))
    const files: CpuFiles = {
      threads: await Promise.all(folders.map((name) => readThread(host, `${CPUS}/${name}`))),
      caches: await Promise.all(
        caches.map(async (name) => ({
          level: (await text(`${CPUS}/cpu0/cache/${name}/level`))?.trim() ?? '',
          type: (await text(`${CPUS}/cpu0/cache/${name}/type`))?.trim() ?? '',
          size: (await text(`${CPUS}/cpu0/cache/${name}/size`))?.trim() ?? '',
        })),
      ),
      ...given('performanceCpus', await text('/sys/devices/cpu_core/cpus')),
      ...given('efficiencyCpus', await text('/sys/devices/cpu_atom/cpus')),
      ...given('maxFrequency', await text(`${CPUS}/cpu0/cpufreq/cpuinfo_max_freq`)),
      ...given('baseFrequency', await text(`${CPUS}/cpu0/cpufreq/base_frequency`)),
    }
    return ok({ cpu: parseSysfsCpu(files) })
  },
}

async function readThread(host: Host, folder: string): Promise<CpuFiles['threads'][number]> {
  const [siblings, capacity, l3Size, l3Shared] = await Promise.all([
    optional(host, `${folder}/topology/thread_siblings_list`),
    optional(host, `${folder}/cpu_capacity`),
    optional(host, `${folder}/cache/index3/size`),
    optional(host, `${folder}/cache/index3/shared_cpu_list`),
  ])
  return {
    ...given('siblings', siblings),
    ...given('capacity', capacity),
    ...given('l3Size', l3Size),
    ...given('l3Shared', l3Shared),
  }
}

function given<K extends string>(key: K, text: string | undefined): Partial<Record<K, string>> {
  const entry: Partial<Record<K, string>> = {}
  if (text !== undefined) entry[key] = text
  return entry
}

async function optional(host: Host, path: string): Promise<string | undefined> {
  const reading = await host.readText(path)
  return reading.ok ? reading.value : undefined
}
