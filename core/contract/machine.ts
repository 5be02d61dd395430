import { z } from 'zod'
import type { DeviceName } from '#core/backend/backend'
import type { MemoryUse } from '#core/backend/memory-use'
import type { Measured, MeasurementReport } from '#core/machine/report'
import type { StepPrediction } from '#core/machine/step-time'
import type { RunSpec } from '#core/spec/run-spec'

/** What the interface and the command line are told of a machine: core/machine/report.ts. */
export type * from '#core/machine/report'
export type { MachineOverride } from '#core/machine/override'

/**
 * A person's correction. `path` names a leaf as 'memory/speed', 'cpu/cores' or 'gpus/<id>/memoryBusWidth'.
 * Numbers are in the unit of the leaf.
 */
export const machineOverrideSchema = z.strictObject({
  path: z.string().regex(/^(cpu|memory|gpus\/[^/]+)\/[a-zA-Z0-9]+$/),
  value: z.union([z.string().trim().min(1).max(200), z.number().positive().max(1e18), z.boolean()]),
})

/** All corrections, as they are kept. */
export const machineOverridesSchema = z.strictObject({
  version: z.literal(1),
  overrides: z.array(machineOverrideSchema).max(200),
})

/** One device as it was timed. */
export interface DeviceMeasurement {
  readonly device: Extract<DeviceName, 'cpu' | 'webgpu'>
  /** 'CPU', or the adapter's name: a machine with two GPUs has two of them, the one that trains first. */
  readonly name: string
  /** A GPU that computes on the CPU. */
  readonly software: boolean
  /** GB/s, reads and writes counted. */
  readonly memoryBandwidth: Measured<number>
  /** Matrix products, GFLOP/s; with all threads. */
  readonly gflops: Measured<number>
  /** An optimizer step of the asked net. */
  readonly secondsPerStep: Measured<number>
}

/** What this machine reaches, and what a net makes of it: timed on the machine that trains. */
export interface MachineMeasurement {
  /** The net that was timed. */
  readonly spec: RunSpec
  readonly cpu: MeasurementReport
  /** Threads that training uses; 'all threads' in `cpu` are these. */
  readonly threads: number
  /** Seconds an optimizer step of the asked net takes on the CPU, validation included. */
  readonly secondsPerStep: Measured<number>
  /** Each device that can train the asked net: the CPU, the GPU that trains, another GPU. */
  readonly devices: readonly DeviceMeasurement[]
}

/** A net on one device: what it needs, and what it takes as far as the measurements tell. */
export interface DeviceFit {
  readonly device: Extract<DeviceName, 'cpu' | 'webgpu'>
  /** The adapter's name; null for the CPU. The one that trains comes before another one. */
  readonly adapter: string | null
  /** Null where the device does not take the net: `refusal` says why. */
  readonly memory: MemoryUse | null
  readonly refusal: string | null
  /** Seconds a step; null until this device was measured. */
  readonly step: StepPrediction | null
}

export interface MachineFit {
  readonly devices: readonly DeviceFit[]
  /** The last measurement since the trainer started. */
  readonly measurement: MachineMeasurement | null
}
