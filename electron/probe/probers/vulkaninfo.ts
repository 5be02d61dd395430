import type { Prober } from '../prober'
import { understood } from '../prober'
import { parseVulkaninfo } from '../parsers/vulkaninfo'

export const vulkaninfo: Prober = {
  name: 'vulkaninfo',
  platforms: ['linux', 'win32'],
  supplements: true,
  async probe(host, timeoutMs) {
    const output = await host.run('vulkaninfo', ['--summary'], timeoutMs)
    return output.ok ? understood(parseVulkaninfo(output.value.stdout), 'vulkaninfo') : output
  },
}
