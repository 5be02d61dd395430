import { fail } from '#core/tensor/result'
import type { Prober } from '../prober'
import { understood } from '../prober'
import { parseDmidecode } from '../parsers/dmidecode'
import { parseSmbios } from '../parsers/smbios'
import { parseUdevDmi } from '../parsers/udev-dmi'

const TABLE = '/sys/firmware/dmi/tables/DMI'

/** The firmware's own table. Only root may read it. */
export const smbios: Prober = {
  name: 'SMBIOS',
  platforms: ['linux'],
  async probe(host) {
    const table = await host.readBytes(TABLE)
    return table.ok ? understood(parseSmbios(table.value), 'the SMBIOS table') : table
  },
}

/** What udev remembered of that table when the machine started; everyone may read it. */
export const udevDmi: Prober = {
  name: 'udev',
  platforms: ['linux'],
  async probe(host) {
    const text = await host.readText('/run/udev/data/+dmi:id')
    return text.ok ? understood(parseUdevDmi(text.value), 'udev') : text
  },
}

/** Reads the same table; of use where it finds another way to it, /dev/mem, or is allowed more than we are. */
export const dmidecode: Prober = {
  name: 'dmidecode',
  platforms: ['linux'],
  async probe(host, timeoutMs) {
    const output = await host.run('dmidecode', ['-t', '16,17'], timeoutMs)
    if (!output.ok) return output
    const evidence = parseDmidecode(output.value.stdout)
    if (evidence === null && output.value.exitCode !== 0) {
      return fail({ reason: 'denied', detail: 'dmidecode needs root' })
    }
    return understood(evidence, 'dmidecode')
  },
}
