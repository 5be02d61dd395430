import { EventEmitter } from 'node:events'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { App } from 'electron'

class AppDouble
  extends EventEmitter
  implements
    Pick<
      App,
      | 'whenReady'
      | 'isReady'
      | 'quit'
      | 'getAppPath'
      | 'getVersion'
      | 'getLocale'
      | 'getGPUInfo'
      | 'setPath'
      | 'enableSandbox'
      | 'setAppUserModelId'
      | 'disableDomainBlockingFor3DAPIs'
      | 'requestSingleInstanceLock'
      | 'isPackaged'
    >
{
  readonly isPackaged = true
  readonly switches: string[] = []
  readonly commandLine = {
    appendSwitch: (name: string): void => {
      this.switches.push(name)
    },
  }
  readonly paths = new Map<string, string>([['userData', tmpdir()]])
  locale = 'en-US'
  sandboxed = false
  /** Whether a page keeps WebGPU after the GPU process crashed. */
  forgivesGpuCrashes = false
  userModelId = ''
  /** Whether another instance holds the lock. */
  taken = false
  /** Windows are closed by it; window.ts sets it. */
  closeWindows: () => void = () => undefined
  state: 'starting' | 'ready' | 'ended' = 'starting'

  whenReady(): Promise<void> {
    this.state = 'ready'
    return Promise.resolve()
  }

  isReady(): boolean {
    return this.state === 'ready'
  }

  /** As in Electron: whoever prevents `before-quit` keeps the app, else windows close and it ends. */
  quit(): void {
    if (this.state === 'ended') return
    if (this.emitPreventable('before-quit')) return
    this.state = 'ended'
    this.closeWindows()
    this.emit('quit')
  }

  /** True where a listener prevented it. */
  emitPreventable(name: string): boolean {
    let prevented = false
    const preventDefault = (): void => {
      prevented = true
    }
    this.emit(name, { preventDefault })
    return prevented
  }

  getAppPath(): string {
    return fileURLToPath(new URL('../../..', import.meta.url))
  }

  getVersion(): string {
    return '1.2.3'
  }

  getLocale(): string {
    return this.locale
  }

  /** A card that no other source of a machine sees. */
  getGPUInfo(): Promise<unknown> {
    return Promise.resolve({
      gpuDevice: [{ active: true, vendorId: 0x10de, deviceId: 0x2684, driverVersion: '560.94' }],
    })
  }

  getPath(name: string): string {
    const path = this.paths.get(name)
    if (path === undefined) throw new Error(`The double has no path '${name}'`)
    return path
  }

  setPath(name: string, path: string): void {
    this.paths.set(name, path)
  }

  enableSandbox(): void {
    this.sandboxed = true
  }

  disableDomainBlockingFor3DAPIs(): void {
    if (this.isReady()) throw new Error('Must be called before the app is ready')
    this.forgivesGpuCrashes = true
  }

  setAppUserModelId(id: string): void {
    this.userModelId = id
  }

  requestSingleInstanceLock(): boolean {
    return !this.taken
  }
}

export const app = new AppDouble()
