import type { Prober } from '../prober'
import { understood } from '../prober'
import { parseChromiumGpuInfo } from '../parsers/chromium-gpu-info'

/** Chromium's view of the cards. `getInfo` is Electron's app.getGPUInfo('basic'), which this folder must not import. */
export function chromiumProber(getInfo: () => Promise<unknown>): Prober {
  return {
    name: 'Chromium',
    platforms: ['linux', 'win32', 'darwin'],
    async probe() {
      return understood(parseChromiumGpuInfo(await getInfo()), 'app.getGPUInfo')
    },
  }
}
