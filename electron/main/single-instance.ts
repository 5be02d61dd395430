import type { App } from 'electron'
import type { WorkbenchWindows } from './workbench-windows'

/** False where another instance runs already; it then comes to the front, and this one must quit. */
export function isOnlyInstance(app: App, windows: WorkbenchWindows): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', () => {
    const [window] = windows.all()
    if (window?.isMinimized() === true) window.restore()
    window?.focus()
  })
  return true
}
