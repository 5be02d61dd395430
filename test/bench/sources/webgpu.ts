import { usageError } from '../../../electron/cli/command'
import { openDawn } from '../../../electron/trainer/gpu/dawn'
import type { ContenderSource } from '../contender-source'
import { webgpuContender } from '../gpu/webgpu-contender'
import { textOption } from '../section'

/** A measurement on a GPU takes as many steps as last about so long. */
const SECONDS = 1

/** The GPU of this machine; where there is none and nobody asked for one, it says so and is left out. */
export const webgpuSource: ContenderSource = {
  name: 'webgpu',
  kind: 'backend',
  options: {},
  async open(bench, values) {
    const opened = await openDawn()
    if (!opened.ok) {
      if (textOption(values, 'backends') !== undefined)
        throw usageError(`--backends webgpu: ${opened.error}`)
      bench.print(`No GPU is measured: ${opened.error}`)
      return []
    }
    const { name, software } = opened.value.info
    bench.print(`GPU: ${name}${software ? ' (software: no figure for any GPU)' : ''}`)
    return [await webgpuContender(opened.value, bench.dataset, SECONDS)]
  },
}
