import * as z from 'zod'
import type { FailureReason } from '#core/training/run-state'

/** The JSON files of a run's folder besides spec.json. They may come from elsewhere: they are parsed, not trusted. */

/** The part of environment.json that is read back. */
export const environmentSchema = z.object({
  started: z.string(),
  device: z.enum(['reference', 'cpu', 'webgpu']),
  deviceReason: z.string(),
})

/** summary.json: how a run ended. */
export interface Summary {
  readonly status: 'finished' | 'stopped' | 'failed'
  readonly reason: FailureReason | null
  readonly device: string
  readonly epochs: number
  readonly steps: number
  readonly testLoss: number | null
  readonly testAccuracy: number | null
  /** Training time, evaluation not counted. */
  readonly seconds: number
  readonly ended: string
}

/** The part of summary.json that is read back. */
export const summarySchema = z.object({
  status: z.enum(['finished', 'stopped', 'failed']),
  testAccuracy: z.number().nullable(),
})
