/** Entry of the desktop app: puts the parts of this folder together. */
import { join } from 'node:path'
import { app, BrowserWindow, ipcMain, Menu, session } from 'electron'
import type { DesktopNews, TrainerExit } from '#core/contract/desktop'
import { currentSurroundings } from '../store/data-folders'
import { watchActivity } from './activity-watch'
import { allowWebGpu } from './gpu-switches'
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

const out = join(app.getAppPath(), 'out')
// electron-vite's development server; a packaged app never has one.
const server = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
const page = new URL(server ?? PAGE_URL).href

followDataFolder(app, currentSurroundings())
app.enableSandbox()
// Windows shows notifications under this name; it is the appId of electron-builder.yml.
app.setAppUserModelId('org.gradientworkbench.desktop')
registerPageScheme()
allowWebGpu(app, process.platform, process.arch)
confinePages(app, page)
if (isOnlyInstance(app)) void app.whenReady().then(start)
else app.quit()

function start(): void {
  const texts = textsFor(app.getLocale())
  const presence = new TrainingPresence(texts)
  const trainer = new TrainerProcess({
    app,
    script: join(out, 'main', 'trainer.js'),
    onLaunch: () => {
      const port = trainer.connect()
      if (port !== null)
        watchActivity(port, (activity) => {
          presence.show(activity)
        })
    },
    onExit: (exit) => {
      presence.show(null)
      tellWindows(exit)
    },
  })
  const open = () => {
    openWindow({
      page,
      preload: join(out, 'preload', 'index.cjs'),
      stateFile: join(app.getPath('userData'), 'window.json'),
      version: app.getVersion(),
    })
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
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open()
  })
  open()
}

function tellWindows(exit: TrainerExit): void {
  for (const window of BrowserWindow.getAllWindows())
    window.webContents.send('trainerExit' satisfies keyof DesktopNews, exit)
}
