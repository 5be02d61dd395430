import { dirname } from 'node:path'
import { leavesFrom } from '#core/machine/measured'
import { ok } from '#core/tensor/result'
import type { Host } from '../host'
import type { Prober } from '../prober'
import { runtimeEvidence } from '../parsers/runtime'

const ALL: readonly NodeJS.Platform[] = ['linux', 'win32', 'darwin']

export const nodeRuntime: Prober = {
  name: 'Node',
  platforms: ALL,
  probe: (host) => Promise.resolve(ok(runtimeEvidence(host.runtime()))),
}

/** The disk that holds `path`, or will: a folder that is not there yet comes onto the disk of the one above it. */
export function diskProber(path: string): Prober {
  return {
    name: 'disk',
    platforms: ALL,
    async probe(host) {
      const size = await diskOf(host, path)
      if (!size.ok) return size
      const leaf = leavesFrom('statfs')
      const { total, free } = size.value
      return ok({
        disk: {
          path: leaf(path, null, 'the folder asked for'),
          total: leaf(total, 'bytes', 'blocks x block size'),
          free: leaf(free, 'bytes', 'blocks available to this user x block size'),
        },
      })
    },
  }
}

async function diskOf(host: Host, path: string): ReturnType<Host['disk']> {
  const size = await host.disk(path)
  const above = dirname(path)
  const isMissing = !size.ok && size.error.reason === 'missing'
  return isMissing && above !== path ? diskOf(host, above) : size
}
