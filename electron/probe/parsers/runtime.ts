import type { Evidence } from '#core/machine/evidence'
import { leavesFrom } from '#core/machine/measured'
import type { Runtime } from '../host'
import { positive } from './numbers'

const leaf = leavesFrom('Node')

/** What Node knows anywhere: the floor under every other source. */
export function runtimeEvidence(runtime: Runtime): Evidence {
  const { cpus, totalMemory, freeMemory } = runtime
  const model = cpus[0]?.model.trim()
  return {
    host: { name: leaf(runtime.hostname, null, 'os.hostname') },
    os: {
      version: leaf(runtime.osVersion, null, 'os.version'),
      kernel: leaf(runtime.kernel, null, 'os.release'),
      architecture: leaf(runtime.architecture, null, 'os.arch'),
    },
    cpu: {
      name: leaf(model === 'unknown' ? null : model, null, 'os.cpus'),
      architecture: leaf(runtime.architecture, null, 'os.arch'),
      threads: leaf(positive(cpus.length), null, 'os.cpus'),
      ...(runtime.architecture === 'arm64'
        ? { simd: leaf('NEON', null, 'every 64-bit ARM has it', 'inferred') }
        : {}),
    },
    memory: {
      total: leaf(positive(totalMemory), 'bytes', 'os.totalmem'),
      available: leaf(positive(freeMemory), 'bytes', 'os.freemem'),
      used: leaf(
        positive(totalMemory - freeMemory),
        'bytes',
        'os.totalmem - os.freemem',
        'derived',
      ),
    },
  }
}
