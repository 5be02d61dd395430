import type { DeviceName } from '#core/backend/backend'

/** Something a person should know, as data, so that each window says it in its person's language. */
export type Notice =
  | {
      readonly kind: 'device-changed'
      readonly from: DeviceName
      readonly to: DeviceName
      /** Steps of the state from which the run goes on. */
      readonly step: number
      /** Steps that had been taken; those since `step` are taken again. */
      readonly lostAt: number
      readonly reason: string
    }
  | {
      readonly kind: 'early-stopping'
      readonly epoch: number
      readonly bestEpoch: number
      readonly monitor: string
    }
  | { readonly kind: 'checkpoint-failed'; readonly reason: string }
  | { readonly kind: 'resumed'; readonly step: number }
