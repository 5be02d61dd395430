import { leavesFrom } from '#core/machine/measured'
import { fail, ok } from '#core/tensor/result'
import type { Prober } from '../prober'
import { understood } from '../prober'
import { parseOsRelease } from '../parsers/os-release'
import { parseMeminfo } from '../parsers/proc-meminfo'

export const procMeminfo: Prober = {
  name: '/proc/meminfo',
  platforms: ['linux'],
  async probe(host) {
    const text = await host.readText('/proc/meminfo')
    if (!text.ok) return text
    const memory = parseMeminfo(text.value)
    return understood(memory && { memory }, '/proc/meminfo')
  },
}

export const osRelease: Prober = {
  name: '/etc/os-release',
  platforms: ['linux'],
  async probe(host) {
    const text = await host.readText('/etc/os-release')
    if (!text.ok) return text
    const os = parseOsRelease(text.value)
    return understood(os && { os }, '/etc/os-release')
  },
}

const PRODUCT = '/sys/class/dmi/id/product_name'

/** The model a vendor sells the machine as; readable by everyone, unlike the memory slots. */
export const productName: Prober = {
  name: 'DMI product name',
  platforms: ['linux'],
  async probe(host) {
    const text = await host.readText(PRODUCT)
    if (!text.ok) return fail(text.error)
    const name = text.value.trim()
    const filler = /^(to be filled by o\.?e\.?m\.?|system product name|default string)?$/i.test(
      name,
    )
    const leaf = leavesFrom(PRODUCT)
    return ok({ host: { model: leaf(filler ? null : name, null, 'product_name') } })
  },
}
