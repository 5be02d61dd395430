/** Entry of the desktop app: puts the parts of this folder together. */
import { join } from 'node:path'
import { app, ipcMain, Menu, session } from 'electron'
import type { DesktopNews, TrainerExit } from '#core/contract/desktop'
import { currentSurroundings } from '../store/data-folders'
import { watchActivity } from './activity-watch'
import { allowWebGpu } from './gpu-switches'
import { GpuWindow } from './gpu-window'
import { menuTemplate } from './menu'
import { PAGE_URL, registerPageScheme, servePage } from './page-scheme'
import { finishBeforeQuit } from './quit'
import { routeRequests } from './requests'
import { confinePages, denyPermissions } from './security'
import { isOnlyInstance } from './single-instance'
import { textsFor } from './texts'
import { TrainerProcess } from './trainer-process'
import { TrainingPresence } from './training-presence'
import { followDataFolder } from './user-data'
import { openWindow } from './window'
import { WorkbenchWindows } from './workbench-windows'

const out = join(app.getAppPath(), 'out')
// electron-vite's development server; a packaged app never has one.
const server = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const page = new URL(server ?? PAGE_URL).href
const windows = new WorkbenchWindows(() => {
  if (process.platform !== 'darwin') app.quit()
})

followDataFolder(app, currentSurroundings())
app.enableSandbox()
// Windows shows notifications under this name; it is the appId of electron-builder.yml.
app.setAppUserModelId('org.gradientworkbench.desktop')
registerPageScheme()
allowWebGpu(app, process.platform, process.arch)
confinePages(app, page)
if (isOnlyInstance(app, windows)) void app.whenReady().then(start)
else app.quit()

function start(): void {
  const texts = textsFor(app.getLocale())
  const presence = new TrainingPresence(texts, windows)
  const trainer = new TrainerProcess({
    app,
    script: join(out, 'main', 'trainer.js'),
    onLaunch: () => {
      void tellOfCards(trainer)
      const port = trainer.connect()
      if (port !== null)
        watchActivity(port, (activity) => {
          presence.show(activity)
        })
    },
    onExit: (exit) => {
      gpu.close()
      presence.show(null)
      tellWindows(exit)
    },
    onGpuRequest: (id) => {
      void connectGpu(gpu, trainer, id)
    },
  })
  const gpu = new GpuWindow({
    app,
    page: new URL('gpu-host/index.html', page).href,
    preload: join(out, 'preload', 'gpu-host.cjs'),
    onGone: (reason) => {
      trainer.tell({ type: 'gpu-gone', reason })
    },
  })
  const open = () => {
    windows.add(
      openWindow({
        page,
        preload: join(out, 'preload', 'index.cjs'),
        stateFile: join(app.getPath('userData'), 'window.json'),
        version: app.getVersion(),
      }),
    )
    presence.drawBar()
  }

  denyPermissions(session.defaultSession)
  servePage(join(out, 'renderer'))
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(texts, process.platform)))
  routeRequests(ipcMain, page, {
    requestTrainer: (window) => {
      const port = trainer.connect()
      if (port !== null) window.postMessage('trainerPort' satisfies keyof DesktopNews, null, [port])
    },
    relaunchTrainer: () => {
      trainer.launch()
    },
  })
  finishBeforeQuit(app, () => trainer.stop())
  // Without a listener Electron quits by itself; the last window of a person decides (`windows`).
  app.on('window-all-closed', () => undefined)
  app.on('activate', () => {
    if (windows.all().length === 0) open()
  })
  open()
}

async function connectGpu(gpu: GpuWindow, trainer: TrainerProcess, id: number): Promise<void> {
  const port = await gpu.connect()
  if (port.ok) trainer.tell({ type: 'gpu-port', id }, [port.value])
  else trainer.tell({ type: 'gpu-refused', id, reason: port.error })
}

/** Chromium's view of the cards is one source of the machine's report. */
async function tellOfCards(trainer: TrainerProcess): Promise<void> {
  const info: unknown = await app.getGPUInfo('basic').catch(() => null)
  trainer.tell({ type: 'chromium-gpus', info })
}

function tellWindows(exit: TrainerExit): void {
  for (const window of windows.all())
    window.webContents.send('trainerExit' satisfies keyof DesktopNews, exit)
}
