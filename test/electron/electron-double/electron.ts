/**
 * Stands in for the module `electron`: vi.mock('electron', () => import('<here>/electron')). It keeps what it is told
 * where a test can see it, and utilityProcess.fork really forks.
 */
export { app } from './app'
export { ipcMain } from './ipc-main'
export { MessageChannelMain } from './port'
export { contextBridge, exposed, ipcRenderer } from './renderer'
export {
  Menu,
  nativeTheme,
  Notification,
  powerSaveBlocker,
  protocol,
  screen,
  session,
} from './system'
export { forked, utilityProcess } from './utility-process'
export { BrowserWindow } from './window'
