import type { TrainerApi } from '#core/contract/answers'
import type { TrainerEvent } from '#core/contract/events'
import { connectClient, type Client, type ClientLine } from './client'

/** The windows that are connected now. */
export class Clients {
  private readonly connected = new Set<Client>()

  /** Returns the function that ends the connection. */
  add(line: ClientLine, api: TrainerApi): () => void {
    const client = connectClient(line, api)
    this.connected.add(client)
    return () => {
      this.connected.delete(client)
      client.close()
    }
  }

  broadcast(event: TrainerEvent): void {
    for (const client of this.connected) client.event(event)
  }
}
