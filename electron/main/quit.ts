import type { App } from 'electron'

/** Lets `finish` do its work before the app quits, however it was asked to. */
export function finishBeforeQuit(app: App, finish: () => Promise<void>): void {
  let finished = false
  app.on('before-quit', (event) => {
    if (finished) return
    event.preventDefault()
    void finish().finally(() => {
      finished = true
      app.quit()
    })
  })
}
