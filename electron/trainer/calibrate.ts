import type { Backend } from '#core/backend/backend'
import type { Dataset } from '#core/data/dataset'
import { fitStepCosts, type TimedShape } from '#core/machine/fit-step-costs'
import { baseSeconds, type DeviceRates } from '#core/machine/step-time'
import { trainingShape } from '#core/machine/training-shape'
import type { RunSpec } from '#core/spec/run-spec'
import { CALIBRATION_IMAGES, extraNets, plainNets } from './calibration-nets'
import { firstImages } from './first-images'
import { timeSteps } from './time-steps'

export interface CalibrationOptions {
  readonly backend: Backend
  readonly dataset: Dataset
  /** The run whose layers, optimizer and augmentation are timed besides the usual ones. */
  readonly spec: RunSpec
  readonly signal: AbortSignal
  /** How much of the whole is done, 0 to 1. */
  readonly onProgress?: (done: number) => void
  readonly warmUpMs?: number
  readonly durationMs?: number
}

/** What steps cost on a device: trains small nets for a moment each. Takes a few seconds. */
export async function calibrate(options: CalibrationOptions): Promise<DeviceRates> {
  const { backend, signal, warmUpMs = 120, durationMs = 200, onProgress } = options
  const dataset = firstImages(options.dataset, CALIBRATION_IMAGES)
  const timing = { backend, signal, warmUpMs, durationMs, parts: 4 }
  const plain = plainNets()
  const extra = extraNets(options.spec)
  let done = 0
  const time = async (spec: RunSpec): Promise<TimedShape | null> => {
    const seconds = await timeSteps({ ...timing, spec, dataset })
    done++
    onProgress?.(done / (plain.length + extra.length))
    const shape = trainingShape(spec)
    return seconds === null || shape === null ? null : { shape, seconds }
  }
  const timed: TimedShape[] = []
  for (const spec of plain) {
    const found = await time(spec)
    if (found !== null) timed.push(found)
  }
  const costs = fitStepCosts(timed)
  // The plain update is part of what a weight costs.
  const extras: Record<string, number> = { 'update SGD': 0 }
  for (const { key, spec } of extra) {
    const found = await time(spec)
    if (found !== null) extras[key] = costOf(key, found, { costs, extras })
  }
  return { costs, extras }
}

/** Seconds a unit: what the step took beyond what is known of it. */
function costOf(key: string, { shape, seconds }: TimedShape, known: DeviceRates): number {
  let units = 0
  let rest = baseSeconds(known.costs, shape)
  for (const extra of shape.extras) {
    if (extra.key === key) units += extra.units
    else rest += extra.units * (known.extras[extra.key] ?? 0)
  }
  return units === 0 ? 0 : Math.max(0, seconds - rest) / units
}
