/**
 * A session on the other side of a port: a worker thread (reference, cpu) or the GPU host window (webgpu).
 * Calls are coarse, one answer each, in order. Messages carry typed arrays, so the port must clone structures.
 */
import {
  copyRateOf,
  type Backend,
  type Block,
  type BlockReport,
  type DeviceName,
  type Evaluation,
  type EvaluationRequest,
  type Prediction,
  type PredictionRequest,
  type Session,
  type SessionSetup,
  type SessionState,
  type TileRecord,
} from './backend'

/** The least that a worker thread, a MessagePort and a test share. */
export interface Port {
  postMessage(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once, when the other side is gone. */
  onClose(listener: (reason: string) => void): void
}

type Call =
  | { readonly method: 'create'; readonly argument: SessionSetup }
  | { readonly method: 'run'; readonly argument: Block }
  | { readonly method: 'evaluate'; readonly argument: EvaluationRequest }
  | { readonly method: 'predict'; readonly argument: PredictionRequest }
  | { readonly method: 'exportState'; readonly argument: null }
  | { readonly method: 'importState'; readonly argument: SessionState }
  | { readonly method: 'dispose'; readonly argument: null }
  /** Of the backend, between sessions. */
  | { readonly method: 'copyRate'; readonly argument: null }

type CallMessage = { readonly id: number } & Call

type Answer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly name: string; readonly message: string }

/** The other side is gone: the work since the last checkpoint is lost, the session cannot be used again. */
export class SessionLostError extends Error {
  override readonly name = 'SessionLostError'
}

/** Drives the session that `serveSession` holds at the other end of `port`. */
export class RemoteBackend implements Backend {
  readonly device: DeviceName
  readonly description: string
  private readonly port: Port
  private readonly waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >()
  private nextId = 1
  private lost: SessionLostError | null = null

  constructor(device: DeviceName, description: string, port: Port) {
    this.device = device
    this.description = description
    this.port = port
    port.onMessage((message) => {
      this.receive(message as Answer)
    })
    port.onClose((reason) => {
      this.lost = new SessionLostError(reason)
      for (const { reject } of this.waiting.values()) reject(this.lost)
      this.waiting.clear()
    })
  }

  async createSession(setup: SessionSetup): Promise<Session> {
    const tiles = (await this.call({ method: 'create', argument: setup })) as TileRecord | null
    return {
      ...(tiles === null ? {} : { tiles }),
      run: (argument) => this.call({ method: 'run', argument }) as Promise<BlockReport>,
      evaluate: (argument) => this.call({ method: 'evaluate', argument }) as Promise<Evaluation>,
      predict: (argument) => this.call({ method: 'predict', argument }) as Promise<Prediction>,
      exportState: () =>
        this.call({ method: 'exportState', argument: null }) as Promise<SessionState>,
      importState: (argument) => this.call({ method: 'importState', argument }) as Promise<void>,
      dispose: () => this.call({ method: 'dispose', argument: null }) as Promise<void>,
    }
  }

  copyRate(): Promise<number> {
    return this.call({ method: 'copyRate', argument: null }) as Promise<number>
  }

  private call(call: Call): Promise<unknown> {
    if (this.lost !== null) return Promise.reject(this.lost)
    const id = this.nextId++
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.port.postMessage({ id, ...call } satisfies CallMessage)
    })
  }

  private receive(answer: Answer): void {
    const call = this.waiting.get(answer.id)
    if (call === undefined) return
    this.waiting.delete(answer.id)
    if (answer.ok) call.resolve(answer.value)
    else call.reject(errorOf(answer))
  }
}

/** The error as it was thrown at the far end. */
function errorOf({ name, message }: Extract<Answer, { ok: false }>): Error {
  return name === 'SessionLostError'
    ? new SessionLostError(message)
    : Object.assign(new Error(message), { name })
}

/** Answers calls at the far end: creates sessions of `backend`, one at a time, and runs what they are asked. */
export function serveSession(port: Port, backend: Promise<Backend>): void {
  let session: Session | null = null
  let queue: Promise<void> = Promise.resolve()
  port.onMessage((message) => {
    const call = message as CallMessage
    queue = queue.then(async () => {
      try {
        port.postMessage({ id: call.id, ok: true, value: await perform(call) } satisfies Answer)
      } catch (error) {
        const { name, message } = error instanceof Error ? error : new Error(String(error))
        port.postMessage({ id: call.id, ok: false, name, message } satisfies Answer)
      }
    })
  })

  async function perform(call: Call): Promise<unknown> {
    if (call.method === 'create') {
      await session?.dispose()
      session = await (await backend).createSession(call.argument)
      return session.tiles ?? null
    }
    if (call.method === 'copyRate') return copyRateOf(await backend)
    if (session === null) throw new Error(`${call.method} before create`)
    switch (call.method) {
      case 'run':
        return session.run(call.argument)
      case 'evaluate':
        return session.evaluate(call.argument)
      case 'predict':
        return session.predict(call.argument)
      case 'exportState':
        return session.exportState()
      case 'importState':
        await session.importState(call.argument)
        return null
      case 'dispose':
        await session.dispose()
        session = null
        return null
    }
  }
}
