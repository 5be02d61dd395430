import { BrowserWindow, Notification, powerSaveBlocker } from 'electron'
import type { Activity } from './activity'
import type { Texts } from './texts'
import type { WorkbenchWindows } from './workbench-windows'

/** While a run trains: the system stays awake and the taskbar shows how far it is. At its end: a notification. */
export class TrainingPresence {
  private readonly texts: Texts
  private readonly windows: WorkbenchWindows
  private blocker: number | null = null
  private shown: Activity | null = null

  constructor(texts: Texts, windows: WorkbenchWindows) {
    this.texts = texts
    this.windows = windows
  }

  show(activity: Activity | null): void {
    const before = this.shown
    this.shown = activity
    this.keepAwake(activity?.phase === 'running')
    if (barOf(activity) !== barOf(before) || activity?.phase !== before?.phase) this.drawBar()
    if (before?.phase === 'running' && before.run === activity?.run) this.tellEnd(activity)
  }

  /** Gives a window that was opened during a run its progress bar. */
  drawBar(): void {
    const paused = this.shown?.phase === 'paused'
    for (const window of this.windows.all())
      window.setProgressBar(barOf(this.shown), { mode: paused ? 'paused' : 'normal' })
  }

  private keepAwake(awake: boolean): void {
    if (awake) this.blocker ??= powerSaveBlocker.start('prevent-app-suspension')
    else if (this.blocker !== null) {
      powerSaveBlocker.stop(this.blocker)
      this.blocker = null
    }
  }

  /** Whoever looks at the window sees the end there. */
  private tellEnd({ phase, name }: Activity): void {
    if (phase !== 'finished' && phase !== 'failed') return
    if (BrowserWindow.getFocusedWindow() !== null || !Notification.isSupported()) return
    const body = phase === 'finished' ? this.texts.finished(name) : this.texts.failed(name)
    new Notification({ title: this.texts.app, body }).show()
  }
}

/** Whole percents between 0 and 1, as setProgressBar wants it; -1 is no bar. */
function barOf(activity: Activity | null): number {
  if (activity === null || (activity.phase !== 'running' && activity.phase !== 'paused')) return -1
  return Math.round(activity.progress * 100) / 100
}
