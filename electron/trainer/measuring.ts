import type { Backend } from '#core/backend/backend'
import { TRAINS, type PowerPreference } from '#core/backend/webgpu/adapters'
import { webgpuRefusal } from '#core/backend/webgpu/refusal'
import type { GpuInfo } from '#core/contract/gpu-host'
import type { DeviceMeasurement, MachineFit, MachineMeasurement } from '#core/contract/machine'
import type { Dataset } from '#core/data/dataset'
import { flopsPerImage } from '#core/machine/estimate'
import { leavesFrom, unknownLeaf } from '#core/machine/measured'
import type { Measured, MeasurementReport } from '#core/machine/report'
import type { DeviceRates } from '#core/machine/step-time'
import { trainingShape } from '#core/machine/training-shape'
import type { RunSpec } from '#core/spec/run-spec'
import { measureCpu, type CpuRates } from '../probe/measure'
import { calibrate } from './calibrate'
import { CALIBRATION_IMAGES, wideNet } from './calibration-nets'
import { checkSpec } from './check-spec'
import type { DeviceDesk } from './device-desk'
import { openDevice } from './devices'
import { firstImages } from './first-images'
import { fitOf } from './fit'
import { raceKey } from './race-devices'
import { timeSteps } from './time-steps'

export interface MeasuringParts {
  readonly engineScript: URL
  readonly threads: number
  readonly desk: DeviceDesk
  readonly dataset: Promise<Dataset>
}

const leaf = leavesFrom('measured here')

/** Times the devices with the kernels that train: one measurement at a time. Remembers the last one. */
export class Measuring {
  private readonly parts: MeasuringParts
  private controller: AbortController | null = null
  private last: MachineMeasurement | null = null
  /** By the adapter's name; null for the CPU. */
  private readonly rates = new Map<string | null, DeviceRates>()

  constructor(parts: MeasuringParts) {
    this.parts = parts
  }

  cancel(): void {
    this.controller?.abort(new Error('The measurement was cancelled'))
  }

  /** What the net needs and takes, from what was measured so far. */
  async fit(spec: RunSpec): Promise<MachineFit> {
    const dataset = await this.parts.dataset
    const checked = checkSpec(spec, dataset)
    if (!checked.ok) throw new Error(checked.error)
    const { threads, desk } = this.parts
    const { known } = desk.adapters
    const adapters = known?.ok === true ? namesOf(known.value) : []
    const devices = await fitOf({ spec, dataset, threads, adapters, rates: this.rates })
    return { devices, measurement: this.last }
  }

  async measure(spec: RunSpec): Promise<MachineMeasurement> {
    const controller = new AbortController()
    this.controller = controller
    const { signal } = controller
    const dataset = await this.parts.dataset
    const checked = checkSpec(spec, dataset)
    if (!checked.ok) throw new Error(checked.error)
    try {
      const { threads } = this.parts
      const cpu = await measureCpu({
        threads,
        signal,
        measure: (count) => this.cpuRates(count, signal),
      })
      const onCpu = await this.onCpu(spec, cpu, signal)
      const onGpus = await this.onGpus(spec, onCpu, signal)
      this.last = {
        spec,
        cpu,
        threads,
        secondsPerStep: onCpu.secondsPerStep,
        devices: [onCpu, ...onGpus],
      }
      return this.last
    } finally {
      this.controller = null
    }
  }

  private async onCpu(
    spec: RunSpec,
    { memoryBandwidthAllThreads, gflopsAllThreads }: MeasurementReport,
    signal: AbortSignal,
  ): Promise<DeviceMeasurement> {
    const { threads } = this.parts
    const method = `training this net, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
    const secondsPerStep = await this.withCpu(threads, async (backend) => {
      const dataset = await this.parts.dataset
      this.rates.set(null, await calibrate({ spec, dataset, backend, signal }))
      return timeSteps({ spec, dataset, backend, signal })
    })
    return {
      device: 'cpu',
      name: 'CPU',
      software: false,
      memoryBandwidth: memoryBandwidthAllThreads,
      gflops: gflopsAllThreads,
      secondsPerStep: leaf(secondsPerStep, 's', method, 'measured'),
    }
  }

  /** The GPU that trains, then the other one of a machine with two. None where there is no GPU, or it does not take this net. */
  private async onGpus(
    spec: RunSpec,
    onCpu: DeviceMeasurement,
    signal: AbortSignal,
  ): Promise<readonly DeviceMeasurement[]> {
    if (webgpuRefusal(spec) !== null) return []
    const best = await this.onGpu(TRAINS, spec, onCpu, signal)
    if (best === null) return []
    const { known } = this.parts.desk.adapters
    const other = known?.ok === true ? known.value.other : undefined
    if (other === undefined) return [best]
    const second = await this.onGpu(other.powerPreference, spec, onCpu, signal)
    return second === null ? [best] : [best, second]
  }

  private async onGpu(
    preference: PowerPreference,
    spec: RunSpec,
    onCpu: DeviceMeasurement,
    signal: AbortSignal,
  ): Promise<DeviceMeasurement | null> {
    signal.throwIfAborted()
    const opened = await this.parts.desk.gpuDevice(preference)
    if (!opened.ok) return null
    const { value: device } = opened
    const { backend } = device
    const { name, software } = device.info
    // Closing the device ends whatever it is at: a kernel that takes long is not waited for.
    const abort = () => void device.close()
    signal.addEventListener('abort', abort)
    try {
      const dataset = await this.parts.dataset
      const memoryBandwidth = await copied(backend)
      signal.throwIfAborted()
      const gflops = await wideGflops(backend, dataset, software ? 'narrow' : 'huge', signal)
      const seconds = await timeSteps({ spec, dataset, backend, signal })
      if (preference === TRAINS)
        this.remember(spec, device.info, onCpu.secondsPerStep.value, seconds)
      // What computes on the CPU is no choice: nobody waits for its rates.
      if (!software) this.rates.set(name, await calibrate({ spec, dataset, backend, signal }))
      return {
        device: 'webgpu',
        name,
        software,
        memoryBandwidth,
        gflops: leaf(gflops, 'GFLOP/s', 'matrix products of a net', 'measured'),
        secondsPerStep: leaf(seconds, 's', `training this net on ${name}`, 'measured'),
      }
    } catch (error) {
      signal.throwIfAborted()
      // What the CPU reached stands; that the GPU failed, and why, is told in place of its values.
      const why = error instanceof Error ? error.message : String(error)
      return {
        device: 'webgpu',
        name,
        software,
        memoryBandwidth: unknownLeaf('GB/s', why),
        gflops: unknownLeaf('GFLOP/s', why),
        secondsPerStep: unknownLeaf('s', why),
      }
    } finally {
      signal.removeEventListener('abort', abort)
      await device.close()
    }
  }

  /** `auto` need not race what was just timed, and chooses as these figures say. */
  private remember(spec: RunSpec, gpu: GpuInfo, onCpu: number | null, onGpu: number | null): void {
    if (onCpu === null || onGpu === null) return
    this.parts.desk.races.set(raceKey(gpu.description, spec), {
      gpuStepsPerSecond: 1 / onGpu,
      cpuStepsPerSecond: 1 / onCpu,
    })
  }

  private async cpuRates(threads: number, signal: AbortSignal): Promise<CpuRates> {
    const dataset = await this.parts.dataset
    const rates = await this.withCpu(threads, async (backend) => ({
      copyRate: (await backend.copyRate?.()) ?? null,
      gflops: await wideGflops(backend, dataset, 'wide', signal),
    }))
    return rates ?? { copyRate: null, gflops: null }
  }

  private async withCpu<T>(
    threads: number,
    work: (backend: Backend) => Promise<T>,
  ): Promise<T | null> {
    const opened = await openDevice('cpu', threads, this.parts.engineScript)
    if (!opened.ok) return null
    try {
      return await work(opened.value.backend)
    } finally {
      await opened.value.close()
    }
  }
}

function namesOf({ name, other }: GpuInfo): readonly string[] {
  return other === undefined ? [name] : [name, other.name]
}

async function copied(backend: Backend): Promise<Measured<number>> {
  if (backend.copyRate === undefined) return unknownLeaf('GB/s', 'this device does not measure it')
  const rate = await backend.copyRate()
  return leaf(rate / 1e9, 'GB/s', 'copying a buffer with a kernel', 'measured')
}

/** GFLOP/s of a net that is nearly all matrix products. */
async function wideGflops(
  backend: Backend,
  dataset: Dataset,
  width: Parameters<typeof wideNet>[0],
  signal: AbortSignal,
): Promise<number | null> {
  const spec = wideNet(width)
  const shape = trainingShape(spec)
  const seconds = await timeSteps({
    spec,
    dataset: firstImages(dataset, CALIBRATION_IMAGES),
    backend,
    signal,
    warmUpMs: 150,
    durationMs: 400,
    parts: 4,
  })
  if (seconds === null || shape === null) return null
  return (shape.batchSize * flopsPerImage(shape)) / seconds / 1e9
}
