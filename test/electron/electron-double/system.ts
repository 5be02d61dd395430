/** The small parts of Electron that only remember what they were told. */
import type {
  CustomScheme,
  Display,
  MenuItemConstructorOptions,
  NativeTheme,
  Notification as ElectronNotification,
  NotificationConstructorOptions,
  PowerSaveBlocker,
  Session,
} from 'electron'
import { app } from './app'

export const screen = {
  displays: [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }] as Pick<
    Display,
    'workArea'
  >[],
  getAllDisplays: () => screen.displays,
}

export const nativeTheme: Pick<NativeTheme, 'shouldUseDarkColors'> & {
  shouldUseDarkColors: boolean
} = { shouldUseDarkColors: false }

class PowerSaveBlockerDouble implements PowerSaveBlocker {
  readonly active = new Map<number, string>()
  private nextId = 1

  start(type: string): number {
    const id = this.nextId++
    this.active.set(id, type)
    return id
  }

  stop(id: number): boolean {
    return this.active.delete(id)
  }

  isStarted(id: number): boolean {
    return this.active.has(id)
  }
}
export const powerSaveBlocker = new PowerSaveBlockerDouble()

export class Notification implements Pick<ElectronNotification, 'show'> {
  static readonly shown: NotificationConstructorOptions[] = []

  static isSupported(): boolean {
    return true
  }

  private readonly options: NotificationConstructorOptions

  constructor(options: NotificationConstructorOptions) {
    this.options = options
  }

  show(): void {
    Notification.shown.push(this.options)
  }
}

export const Menu = {
  application: null as MenuItemConstructorOptions[] | null,
  buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
  setApplicationMenu: (template: MenuItemConstructorOptions[] | null): void => {
    Menu.application = template
  },
}

type SchemeHandler = (request: Request) => Response | Promise<Response>

class ProtocolDouble {
  readonly schemes: CustomScheme[] = []
  private readonly handlers = new Map<string, SchemeHandler>()

  registerSchemesAsPrivileged(schemes: CustomScheme[]): void {
    if (app.isReady()) throw new Error('Schemes must be registered before the app is ready')
    this.schemes.push(...schemes)
  }

  handle(scheme: string, handler: SchemeHandler): void {
    this.handlers.set(scheme, handler)
  }

  /** What a page gets that asks for `url`. */
  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const handler = this.handlers.get(new URL(url).protocol.slice(0, -1))
    if (handler === undefined) throw new Error(`Nobody handles ${url}`)
    return handler(new Request(url, init))
  }
}
export const protocol = new ProtocolDouble()

class SessionDouble {
  requestHandler: Parameters<Session['setPermissionRequestHandler']>[0] = null
  checkHandler: Parameters<Session['setPermissionCheckHandler']>[0] = null
  deviceHandler: Parameters<Session['setDevicePermissionHandler']>[0] = null

  setPermissionRequestHandler(handler: typeof this.requestHandler): void {
    this.requestHandler = handler
  }

  setPermissionCheckHandler(handler: typeof this.checkHandler): void {
    this.checkHandler = handler
  }

  setDevicePermissionHandler(handler: typeof this.deviceHandler): void {
    this.deviceHandler = handler
  }
}
export const session = { defaultSession: new SessionDouble() }
