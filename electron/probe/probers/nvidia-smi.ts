import type { Prober } from '../prober'
import { understood } from '../prober'
import { ALL_FIELDS, BASIC_FIELDS, parseNvidiaSmi } from '../parsers/nvidia-smi'
import type { Host } from '../host'

export const nvidiaSmi: Prober = {
  name: 'nvidia-smi',
  platforms: ['linux', 'win32'],
  async probe(host, timeoutMs) {
    const full = await query(host, ALL_FIELDS, timeoutMs)
    if (!full.ok) return full
    const evidence = parseNvidiaSmi(full.value.stdout, ALL_FIELDS)
    if (evidence !== null || !/not a valid field/i.test(full.value.stdout)) {
      return understood(evidence, 'nvidia-smi')
    }
    const basic = await query(host, BASIC_FIELDS, timeoutMs)
    if (!basic.ok) return basic
    return understood(parseNvidiaSmi(basic.value.stdout, BASIC_FIELDS), 'nvidia-smi')
  },
}

function query(host: Host, fields: readonly string[], timeoutMs: number) {
  const args = [`--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits']
  return host.run('nvidia-smi', args, timeoutMs)
}
