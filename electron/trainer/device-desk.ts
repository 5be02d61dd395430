import type { DeviceName, DeviceUnavailable } from '#core/backend/backend'
import { deviceProblem } from '#core/backend/device-problem'
import { RemoteBackend } from '#core/backend/remote-session'
import { TRAINS, type PowerPreference } from '#core/backend/webgpu/adapters'
import { webgpuRefusal } from '#core/backend/webgpu/refusal'
import type { DeviceChoice } from '#core/contract/answers'
import type { Measurement } from '#core/contract/device-reason'
import type { GpuInfo } from '#core/contract/gpu-host'
import type { RunSpec } from '#core/spec/run-spec'
import { fail, ok, type Result } from '#core/tensor/result'
import { openDevice, type OpenDevice } from './devices'
import { Adapters } from './gpu/adapters'
import { patientBackend } from './gpu/patient-backend'
import type { GpuHost } from './gpu-host'

export interface GpuDevice extends OpenDevice {
  readonly info: GpuInfo
}

type Opened = Promise<Result<OpenDevice, DeviceUnavailable>>

/** Hands out the devices of this machine. */
export class DeviceDesk {
  readonly adapters: Adapters
  /** What races between GPU and CPU showed, by what was raced. */
  readonly races = new Map<string, Measurement>()
  private readonly engineScript: URL
  private readonly threads: number
  private readonly gpu: GpuHost

  constructor(parts: {
    /** Built engine.js. */
    readonly engineScript: URL
    /** Of the CPU device. */
    readonly threads: number
    readonly gpu: GpuHost
  }) {
    this.engineScript = parts.engineScript
    this.threads = parts.threads
    this.gpu = parts.gpu
    this.adapters = new Adapters(parts.gpu)
  }

  /** All devices, as far as they are known now: a GPU may take a while to answer, or a driver hang. */
  list(): readonly DeviceChoice[] {
    const { threads } = this
    const unit = threads === 1 ? 'thread' : 'threads'
    return [
      { device: 'cpu', available: true, description: `WebAssembly, ${threads} ${unit}`, threads },
      gpuChoice(this.adapters.known),
      { device: 'reference', available: true, description: 'plain float64, slow, to check others' },
    ]
  }

  /** A device for something short, such as an evaluation: `auto` is the CPU, which needs no warming up. */
  forMoment(spec: RunSpec): Opened {
    return this.open(spec.device === 'auto' ? 'cpu' : spec.device, spec)
  }

  /** For a run that is over, to draw for it: the CPU, unless the reference was asked for. */
  forDrawing(spec: RunSpec): Opened {
    return this.open(spec.device === 'reference' ? 'reference' : 'cpu', spec)
  }

  cpu(): Opened {
    return openDevice('cpu', this.threads, this.engineScript)
  }

  open(device: DeviceName, spec: RunSpec): Opened {
    switch (device) {
      case 'cpu':
      case 'reference':
        return openDevice(device, this.threads, this.engineScript)
      case 'webgpu':
        return this.openGpu(spec)
    }
  }

  private async openGpu(spec: RunSpec): Opened {
    const refusal = webgpuRefusal(spec)
    if (refusal !== null) return fail({ device: 'webgpu', reason: refusal })
    const device = await this.gpuDevice()
    return device.ok
      ? device
      : fail({ device: 'webgpu', reason: deviceProblem('unavailable', { reason: device.error }) })
  }

  /** The GPU, and what it is. The host is asked, and what it answers of the one that trains is remembered for `list`. */
  async gpuDevice(preference: PowerPreference = TRAINS): Promise<Result<GpuDevice, string>> {
    const line = await this.gpu.open(preference)
    if (preference === TRAINS) this.adapters.learn(line.ok ? ok(line.value.info) : line)
    if (!line.ok) return line
    const { info, port } = line.value
    const backend = patientBackend(new RemoteBackend('webgpu', info.description, port))
    return ok({ backend, info, close: () => line.value.close() })
  }
}

function gpuChoice(gpu: Result<GpuInfo, string> | null): DeviceChoice {
  const device = 'webgpu'
  if (gpu === null)
    return {
      device,
      available: false,
      description: 'a GPU is being looked for',
      gpu: { state: 'looking' },
    }
  if (!gpu.ok)
    return {
      device,
      available: false,
      description: gpu.error,
      gpu: { state: 'missing', reason: gpu.error },
    }
  const { description, name, software } = gpu.value
  return { device, available: true, description, gpu: { state: 'found', name, software } }
}
