import type { PowerPreference } from '#core/backend/webgpu/adapters'
import type { Port } from '#core/backend/remote-session'
import type { GpuInfo } from '#core/contract/gpu-host'
import type { Result } from '#core/tensor/result'

/** Something outside the trainer's own thread that has a GPU: in the desktop, the hidden window. */
export interface GpuHost {
  /**
   * A device of its own, and the port that drives its sessions. Else a reason, in words for a person. `preference`: which of two
   * GPUs; the one that trains where it is not said.
   */
  open(preference?: PowerPreference): Promise<Result<GpuLine, string>>
}

export interface GpuLine {
  readonly info: GpuInfo
  /** For RemoteBackend; it closes with a reason when the device is lost, whatever the cause. */
  readonly port: Port
  /** Gives the device back. */
  close(): Promise<void>
}
