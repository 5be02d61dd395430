import {
  MessageChannelMain,
  utilityProcess,
  type App,
  type Details,
  type MessagePortMain,
  type UtilityProcess,
} from 'electron'
import { gpuPortRequestSchema, type MainNews, type TrainerExit } from '#core/contract/desktop'

/** Longer than any checkpoint takes to write. */
const LAST_CHECKPOINT_MILLISECONDS = 30_000
const SERVICE_NAME = 'Gradient Workbench trainer'

type State =
  | { readonly phase: 'off' }
  | { readonly phase: 'running'; readonly child: UtilityProcess }
  | { readonly phase: 'stopping'; readonly child: UtilityProcess; readonly ended: Promise<void> }

/** The trainer in a utility process: hands out ports to it, tells of its end, and lets it finish when the app quits. */
export class TrainerProcess {
  private readonly script: string
  private readonly onLaunch: () => void
  private readonly onExit: (exit: TrainerExit) => void
  private readonly onGpuRequest: (id: number) => void
  private state: State = { phase: 'off' }
  /** What Chromium says of the end; it knows a crash from an exit. */
  private lastGone: Details['reason'] | null = null

  constructor(parts: {
    readonly app: App
    /** The built trainer. */
    readonly script: string
    /** The process was started, and `connect` reaches it. */
    readonly onLaunch: () => void
    /** It ended without being asked to. */
    readonly onExit: (exit: TrainerExit) => void
    /** It wants a port of the GPU host; `tell` answers. */
    readonly onGpuRequest: (id: number) => void
  }) {
    this.script = parts.script
    this.onLaunch = parts.onLaunch
    this.onExit = parts.onExit
    this.onGpuRequest = parts.onGpuRequest
    parts.app.on('child-process-gone', (_event, { name, reason }) => {
      if (name === SERVICE_NAME) this.lastGone = reason
    })
  }

  /** Starts the process; no effect while it runs. */
  launch(): void {
    if (this.state.phase !== 'off') return
    const child = utilityProcess.fork(this.script, [], { serviceName: SERVICE_NAME })
    this.state = { phase: 'running', child }
    this.lastGone = null
    child.on('message', (message: unknown) => {
      const request = gpuPortRequestSchema.safeParse(message)
      if (request.success) this.onGpuRequest(request.data.id)
    })
    child.once('exit', (code) => {
      const asked = this.state.phase === 'stopping'
      this.state = { phase: 'off' }
      if (!asked) this.onExit(describeExit(code, this.lastGone))
    })
    this.onLaunch()
  }

  /** The window's end of a new line to the trainer, which is started where it does not run. Null while the app quits. */
  connect(): MessagePortMain | null {
    this.launch()
    if (this.state.phase !== 'running') return null
    const { port1, port2 } = new MessageChannelMain()
    this.tell({ type: 'client' }, [port2])
    return port1
  }

  /** Nobody hears it where the process has ended. */
  tell(news: MainNews, ports: MessagePortMain[] = []): void {
    switch (this.state.phase) {
      case 'off':
        return
      case 'running':
      case 'stopping':
        this.state.child.postMessage(news, ports)
    }
  }

  /** Lets the trainer write a checkpoint and waits for its end. */
  stop(): Promise<void> {
    switch (this.state.phase) {
      case 'off':
        return Promise.resolve()
      case 'stopping':
        return this.state.ended
      case 'running': {
        const { child } = this.state
        const ended = end(child)
        this.state = { phase: 'stopping', child, ended }
        return ended
      }
    }
  }
}

function end(child: UtilityProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill(), LAST_CHECKPOINT_MILLISECONDS)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    child.postMessage({ type: 'shutdown' } satisfies MainNews)
  })
}

function describeExit(code: number, gone: Details['reason'] | null): TrainerExit {
  switch (gone) {
    case 'killed':
      return { code: null, reason: 'The trainer process was ended from outside' }
    case 'crashed':
    case 'integrity-failure':
      return { code: null, reason: 'The trainer process crashed' }
    case 'oom':
    case 'memory-eviction':
      return { code: null, reason: 'The trainer process ended because memory ran out' }
    case 'launch-failed':
      return { code, reason: `The trainer process could not be started (error ${code})` }
    case 'clean-exit':
    case 'abnormal-exit':
    case null:
      return code === 0
        ? { code, reason: 'The trainer process ended' }
        : { code, reason: `The trainer process ended with exit code ${code}` }
  }
}
