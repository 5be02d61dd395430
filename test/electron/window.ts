import { createBirpc } from 'birpc'
import type { ServeApi, TrainerExit } from '#core/contract/desktop'
import type { TrainerEvent, WindowApi } from '#core/contract/events'

/** A window's end of the line to the trainer, without a page: it asks, and it remembers what it is told. */
export class TestWindow {
  readonly trainer: ServeApi
  readonly events: TrainerEvent[] = []
  private readonly exits: TrainerExit[] = []
  private readonly watchers = new Set<() => void>()
  private receive: (frame: string) => void = () => undefined

  constructor(send: (frame: string) => void) {
    const local: WindowApi = {
      event: (event) => {
        this.events.push(event)
        this.wake()
      },
      trainerExit: (exit) => {
        this.exits.push(exit)
        this.wake()
      },
    }
    this.trainer = createBirpc<ServeApi, WindowApi>(local, {
      post: send,
      on: (listener) => {
        this.receive = listener
      },
      serialize: (message: unknown) => JSON.stringify(message),
      deserialize: (frame: string): unknown => JSON.parse(frame),
      timeout: -1,
    })
  }

  accept(frame: string): void {
    this.receive(frame)
  }

  /** The first event that fits, also among those that came already. */
  event<T extends TrainerEvent['type']>(
    type: T,
    fits: (event: Extract<TrainerEvent, { type: T }>) => boolean = () => true,
  ): Promise<Extract<TrainerEvent, { type: T }>> {
    const isOfType = (event: TrainerEvent): event is Extract<TrainerEvent, { type: T }> =>
      event.type === type
    return this.until(() => this.events.filter(isOfType).find(fits))
  }

  trainerExit(): Promise<TrainerExit> {
    return this.until(() => this.exits[0])
  }

  private until<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const watch = (): void => {
        const found = look()
        if (found === undefined) return
        this.watchers.delete(watch)
        resolve(found)
      }
      this.watchers.add(watch)
      watch()
    })
  }

  private wake(): void {
    for (const watch of [...this.watchers]) watch()
  }
}
