import { createBirpc } from 'birpc'
import * as z from 'zod'
import type { TrainerApi } from '#core/contract/answers'
import type { TrainerEvent, WindowApi } from '#core/contract/events'

/** One window's line, whatever carries it: a MessagePort, or a name among others on a child process's channel. */
export interface ClientLine {
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
}

/** What birpc sends; checked because a window is not trusted. */
const frameSchema = z.union([
  z.object({
    t: z.literal('q'),
    i: z.string().optional(),
    m: z.string(),
    a: z.array(z.unknown()),
    o: z.boolean().optional(),
  }),
  z.object({ t: z.literal('s'), i: z.string(), r: z.unknown(), e: z.unknown() }),
])

export interface Client {
  event(event: TrainerEvent): void
  close(): void
}

/** Answers one window's calls with `api`. Frames that are no calls are ignored, unknown calls are refused. */
export function connectClient(line: ClientLine, api: TrainerApi): Client {
  const rpc = createBirpc<WindowApi, TrainerApi>(api, {
    post: (message: unknown) => {
      line.send(message)
    },
    on: (listener) => {
      line.onMessage(listener)
    },
    serialize: describeError,
    deserialize: (message: unknown) => frameSchema.parse(message),
    resolver: (name, method) => (Object.hasOwn(api, name) ? method : undefined),
    onGeneralError: () => true,
  })
  return {
    event: (event) => {
      void rpc.event.asEvent(event)
    },
    close: () => {
      rpc.$close()
    },
  }
}

/** Errors become plain { name, message }: the stack is nobody's business, and JSON would drop the rest. */
function describeError(frame: unknown): unknown {
  if (typeof frame !== 'object' || frame === null || !('e' in frame)) return frame
  const { e: error } = frame
  if (!(error instanceof Error)) return frame
  return { ...frame, e: { name: error.name, message: error.message } }
}
