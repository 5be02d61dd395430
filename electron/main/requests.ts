import type { IpcMain, IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron'
import { desktopRequests, type DesktopRequest } from '#core/contract/desktop'
import { sameOrigin } from './same-origin'

export interface RequestHandlers {
  requestTrainer(window: WebContents): void
  relaunchTrainer(): void
}

/** Hands on what windows ask: only from the page itself, not from frames in it, and only with arguments that parse. */
export function routeRequests(ipc: IpcMain, page: string, handlers: RequestHandlers): void {
  ipc.on('requestTrainer' satisfies DesktopRequest, (event, ...args: unknown[]) => {
    const refused = refusal('requestTrainer', event, args, page)
    if (refused === null) handlers.requestTrainer(event.sender)
    else console.error(refused)
  })
  ipc.handle('relaunchTrainer' satisfies DesktopRequest, (event, ...args: unknown[]) => {
    const refused = refusal('relaunchTrainer', event, args, page)
    if (refused !== null) throw new Error(refused)
    handlers.relaunchTrainer()
  })
}

/** Why a request is not answered, or null. */
function refusal(
  request: DesktopRequest,
  { senderFrame }: IpcMainEvent | IpcMainInvokeEvent,
  args: unknown[],
  page: string,
): string | null {
  if (senderFrame === null) return `${request}: the page that asked is gone`
  if (senderFrame.parent !== null || !sameOrigin(senderFrame.url, page))
    return `${request}: expected from ${page}, came from ${senderFrame.url}`
  const parsed = desktopRequests[request].safeParse(args)
  return parsed.success ? null : `${request}: expected no arguments, found ${args.length}`
}
