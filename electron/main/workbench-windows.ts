import type { BrowserWindow } from 'electron'

/** The windows that a person sees; the hidden one that computes is none of them. */
export class WorkbenchWindows {
  private readonly open = new Set<BrowserWindow>()
  private readonly onLastClosed: () => void

  constructor(onLastClosed: () => void) {
    this.onLastClosed = onLastClosed
  }

  add(window: BrowserWindow): void {
    this.open.add(window)
    window.once('closed', () => {
      this.open.delete(window)
      if (this.open.size === 0) this.onLastClosed()
    })
  }

  all(): readonly BrowserWindow[] {
    return [...this.open]
  }
}
