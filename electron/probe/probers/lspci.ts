import type { Prober } from '../prober'
import { understood } from '../prober'
import { parseLspci } from '../parsers/lspci'

export const lspci: Prober = {
  name: 'lspci',
  platforms: ['linux'],
  async probe(host, timeoutMs) {
    const output = await host.run('lspci', ['-D', '-nn', '-mm'], timeoutMs)
    return output.ok ? understood(parseLspci(output.value.stdout), 'lspci') : output
  },
}
