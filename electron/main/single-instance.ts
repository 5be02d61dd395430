import { BrowserWindow, type App } from 'electron'

/** False where another instance runs already; it then comes to the front, and this one must quit. */
export function isOnlyInstance(app: App): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized() === true) window.restore()
    window?.focus()
  })
  return true
}
