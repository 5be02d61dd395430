import { createBirpc } from 'birpc'
import type { MessagePortMain } from 'electron'
import type { TrainerApi } from '#core/contract/answers'
import type { WindowApi } from '#core/contract/events'
import { nextActivity, type Activity } from './activity'

/** Listens to the trainer as one more window would; `onActivity` hears each change. */
export function watchActivity(
  port: MessagePortMain,
  onActivity: (activity: Activity | null) => void,
): void {
  let activity: Activity | null = null
  const listener: WindowApi = {
    event: (event) => {
      const next = nextActivity(activity, event)
      if (next === activity) return
      activity = next
      onActivity(activity)
    },
    trainerExit: () => undefined,
  }
  createBirpc<TrainerApi, WindowApi>(listener, {
    post: (message: unknown) => {
      port.postMessage(message)
    },
    on: (receive) => {
      port.on('message', ({ data }) => {
        receive(data)
      })
    },
  })
  port.start()
}
