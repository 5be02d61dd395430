import type { Backend, SessionSetup } from '../backend'
import { copyRate } from './copy-rate'
import { Gpu } from './gpu'
import { openRuns } from './open-runs'
import type { AdapterDescription, WebgpuOptions } from './webgpu-options'

/** WGSL kernels generated for each model, on the device that the host gives. */
export function createWebgpuBackend(options: WebgpuOptions): Promise<Backend> {
  const gpu = new Gpu(options)
  return Promise.resolve({
    device: 'webgpu',
    description: describe(options.adapter),
    createSession: async (setup: SessionSetup) => {
      const { sessions } = await openRuns(gpu, [setup], options)
      const [session] = sessions
      if (session === undefined) throw new RangeError('no session')
      return session
    },
    copyRate: () => copyRate(gpu),
  })
}

function describe({ vendor, architecture, device, description, isSoftware }: AdapterDescription) {
  const name = description === '' ? [vendor, architecture, device].join(' ').trim() : description
  return `WebGPU, ${name === '' ? 'unnamed adapter' : name}${isSoftware ? ' (software, on the CPU)' : ''}`
}
