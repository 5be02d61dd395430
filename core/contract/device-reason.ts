import type { DeviceName } from '#core/backend/backend'

/** Steps of this net that were timed before the choice, per second. */
export interface Measurement {
  readonly gpuStepsPerSecond: number
  readonly cpuStepsPerSecond: number
}

/** Why a run is on its device, as data, so that each window says it in its person's language. */
export type DeviceReason =
  | { readonly kind: 'asked' }
  /** `auto` timed both: the GPU wins. `gpu`: the adapter's name. */
  | ({ readonly kind: 'gpu-faster'; readonly gpu: string } & Measurement)
  | ({ readonly kind: 'cpu-faster'; readonly gpu: string } & Measurement)
  /** There is no GPU that WebGPU can use. */
  | { readonly kind: 'no-gpu'; readonly reason: string }
  /** The only adapter computes on the CPU as well, and slower. */
  | { readonly kind: 'software-gpu'; readonly gpu: string }
  /** The GPU refuses this spec; `reason` as core/backend/webgpu/refusal.ts says it. */
  | { readonly kind: 'cpu-only'; readonly reason: string }
  /** The run began on `from`, which was lost. */
  | { readonly kind: 'lost'; readonly from: DeviceName; readonly reason: string }

/** What a run of a spec would train on; `refused`: it asks for a device that is not to be had, and would not start. */
export type DeviceDecision =
  | { readonly state: 'trains'; readonly device: DeviceName; readonly why: DeviceReason }
  | { readonly state: 'refused'; readonly device: DeviceName; readonly reason: string }

/** For the command line and environment.json. */
export function describeDeviceReason(reason: DeviceReason): string {
  switch (reason.kind) {
    case 'asked':
      return 'asked for'
    case 'gpu-faster':
      return `auto: ${reason.gpu} takes ${rates(reason)}`
    case 'cpu-faster':
      return `auto: the CPU is faster for this net than ${reason.gpu}, which takes ${rates(reason)}`
    case 'no-gpu':
      return `auto: there is no GPU to use (${reason.reason})`
    case 'software-gpu':
      return `auto: the only adapter, ${reason.gpu}, computes on the CPU`
    case 'cpu-only':
      return `auto: ${reason.reason}`
    case 'lost':
      return `${reason.from} was lost (${reason.reason})`
  }
}

function rates({ gpuStepsPerSecond, cpuStepsPerSecond }: Measurement): string {
  const [gpu, cpu] = [gpuStepsPerSecond, cpuStepsPerSecond].map((rate) =>
    Math.round(rate).toLocaleString('en'),
  )
  return `${gpu} steps/s, the CPU ${cpu}`
}
