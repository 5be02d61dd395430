import { availableParallelism } from 'node:os'
import { basename, dirname, resolve, sep } from 'node:path'
import type { TrainerEvent } from '#core/contract/events'
import { loadMnist } from '../data/load-mnist'
import { currentSurroundings, dataFolder, runsFolder } from '../store/data-folders'
import { RunStore } from '../store/run-store'
import { workbenchVersion } from '../store/version'
import type { RunHost } from '../trainer/active-run'
import { DeviceDesk } from '../trainer/device-desk'
import { nodeGpuHost } from '../trainer/gpu/node-gpu-host'
import { tilePath } from '../trainer/gpu/tile-file'
import { CommandError, EXIT, wholeOption, type Surface } from './command'

export const hostOptions = {
  runs: { type: 'string' },
  threads: { type: 'string' },
} as const

export function openStore(runs: string | undefined, surface: Surface): RunStore {
  return new RunStore(runsFolder(currentSurroundings(), runs), (error) => {
    surface.tell(`Metrics could not be written: ${String(error)}`)
  })
}

/** A run is named by its id in the runs folder, or by the path of its folder. */
export function findRun(
  idOrPath: string,
  runs: string | undefined,
  surface: Surface,
): { readonly store: RunStore; readonly id: string } {
  if (!idOrPath.includes(sep) && !idOrPath.includes('/')) {
    return { store: openStore(runs, surface), id: idOrPath }
  }
  const path = resolve(idOrPath)
  return { store: openStore(dirname(path), surface), id: basename(path) }
}

/** What training and evaluating in this process need. */
export async function openHost(
  store: RunStore,
  threads: string | undefined,
  surface: Surface,
  send: (event: TrainerEvent) => void = () => undefined,
): Promise<RunHost> {
  const count = wholeOption('threads', threads, 1) ?? availableParallelism()
  if (count > 1 && typeof SharedArrayBuffer === 'undefined')
    surface.tell('There is no shared memory in this Node: the CPU device computes on one thread')
  const loaded = await loadMnist()
  if (!loaded.ok) throw new CommandError(EXIT.internal, loaded.error)
  const engineScript = new URL('engine.js', surface.bundle)
  const tiles = tilePath(dataFolder(currentSurroundings()))
  const gpu = nodeGpuHost({ engineScript, tiles })
  return {
    store,
    dataset: loaded.value,
    desk: new DeviceDesk({ engineScript, threads: count, gpu }),
    version: workbenchVersion(surface.root),
    send,
  }
}
