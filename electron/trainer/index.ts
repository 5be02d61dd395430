/**
 * Entry of the trainer process: the same bundle under Electron's utilityProcess, where each window comes with its own
 * MessagePort, and under Node's child_process, where windows share the channel by name.
 */
import { loadMnist } from '../data/load-mnist'
import { startProbe } from '../probe/probe'
import { chromiumProber } from '../probe/probers/chromium'
import { currentSurroundings, dataFolder, runsFolder } from '../store/data-folders'
import { RunStore } from '../store/run-store'
import { workbenchVersion } from '../store/version'
import bundledModel from './assets/bundled.safetensors?asset'
import parityCases from './assets/parity.json?asset'
import { loadBundledModel } from './bundled-model'
import { listenOnChannel } from './channel-clients'
import { chromiumGpus } from './chromium-gpus'
import { Clients } from './clients'
import { CorrectionsFile } from './corrections-file'
import { desktopGpuHost } from './desktop-gpu-host'
import { DeviceDesk } from './device-desk'
import { threadsBesideWindow } from './devices'
import { nodeGpuHost } from './gpu/node-gpu-host'
import { tileFile, tilePath } from './gpu/tile-file'
import { listenForPorts } from './port-clients'
import { TrainerService } from './service'
import { utilityParent } from './utility-parent'
import { WorkspaceFile } from './workspace-file'

const surroundings = currentSurroundings()
const parent = utilityParent()
const clients = new Clients()
const loaded = loadMnist().then((result) => {
  if (!result.ok) throw new Error(result.error)
  return result.value
})
// Whoever needs the data set hears why it is not there.
loaded.catch(() => undefined)
const bundled = loaded.then((dataset) => loadBundledModel(bundledModel, dataset))
bundled.catch(() => undefined)
const engineScript = new URL('./engine.js', import.meta.url)
const threads = askedThreads()
const tiles = tilePath(dataFolder(surroundings))
const gpu =
  parent === null ? nodeGpuHost({ engineScript, tiles }) : desktopGpuHost(parent, tileFile(tiles))
const chromium = parent === null ? [] : [chromiumProber(chromiumGpus(parent))]
const desk = new DeviceDesk({ engineScript, threads, gpu })
const service = new TrainerService({
  host: parent === null ? 'serve' : 'desktop',
  version: workbenchVersion(new URL('../../', import.meta.url)),
  engineScript,
  threads,
  desk,
  parityCases,
  store: new RunStore(runsFolder(surroundings), reportWriteError),
  workspace: new WorkspaceFile(dataFolder(surroundings)),
  corrections: new CorrectionsFile(dataFolder(surroundings)),
  dataset: loaded,
  bundled,
  probe: () =>
    startProbe({
      webgpu: () => desk.adapters.reports(),
      diskPath: runsFolder(surroundings),
      extra: chromium,
    }),
  broadcast: (event) => {
    clients.broadcast(event)
  },
})

if (parent === null) listenOnChannel(clients, service.api, shutdown)
else listenForPorts(parent, clients, service.api, shutdown)

/** GRADIENT_WORKBENCH_THREADS, which `serve --threads` sets. */
function askedThreads(): number {
  const asked = Number(process.env['GRADIENT_WORKBENCH_THREADS'])
  return Number.isSafeInteger(asked) && asked > 0 ? asked : threadsBesideWindow()
}

function shutdown(): void {
  service.shutdown().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
}

function reportWriteError(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error)
  clients.broadcast({
    type: 'notice',
    level: 'error',
    notice: { kind: 'checkpoint-failed', reason },
  })
}
