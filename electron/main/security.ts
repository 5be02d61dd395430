import type { App, Session, WebContents } from 'electron'

/** No page gets camera, location, notifications, USB or anything else that asks for permission. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => {
    decide(false)
  })
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
}

/** Every page, however it came to be, stays at `page`: it may reload, but go nowhere, open nothing and embed nothing. */
export function confinePages(app: App, page: string): void {
  app.on('web-contents-created', (_event, contents) => {
    confine(contents, page)
  })
}

function confine(contents: WebContents, page: string): void {
  const stay = (event: { readonly url: string; preventDefault(): void }) => {
    if (withoutHash(event.url) !== page) event.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-attach-webview', (event) => {
    event.preventDefault()
  })
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

function withoutHash(url: string): string {
  return url.replace(/#.*$/, '')
}
