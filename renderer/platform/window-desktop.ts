import type { DesktopApi } from '#core/contract/desktop'

declare global {
  interface Window {
    /** Exposed by the preload script; absent in a browser. */
    readonly desktop?: DesktopApi
  }
}
