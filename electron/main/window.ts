import { BrowserWindow, nativeTheme, screen } from 'electron'
import { readWindowState, writeWindowState } from './window-state'

const DEFAULT_SIZE = { width: 1440, height: 900 }
const MIN_SIZE = { minWidth: 1024, minHeight: 700 }
/** The page's grounds (renderer/tokens.css), so that nothing flashes before it is drawn. */
const GROUND = { light: '#f4f4f6', dark: '#0e0f11' }

/** Opens the workbench where it was last, sandboxed, and shows it once it is drawn. */
export function openWindow({
  page,
  preload,
  stateFile,
  version,
}: {
  readonly page: string
  /** The built preload script. */
  readonly preload: string
  /** Keeps place and size between starts. */
  readonly stateFile: string
  readonly version: string
}): BrowserWindow {
  const workAreas = screen.getAllDisplays().map(({ workArea }) => workArea)
  const state = readWindowState(stateFile, workAreas)
  const { maximized, ...bounds } = state ?? { ...DEFAULT_SIZE, maximized: false }
  const window = new BrowserWindow({
    ...bounds,
    ...MIN_SIZE,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light,
    webPreferences: {
      preload,
      additionalArguments: [`--workbench-version=${version}`],
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  })
  if (maximized) window.maximize()
  window.once('ready-to-show', () => {
    window.show()
  })
  window.on('close', () => {
    keepState(window, stateFile)
  })
  void window.loadURL(page)
  return window
}

function keepState(window: BrowserWindow, file: string): void {
  try {
    writeWindowState(file, { ...window.getNormalBounds(), maximized: window.isMaximized() })
  } catch (error) {
    console.error('The place of the window could not be kept:', error)
  }
}
