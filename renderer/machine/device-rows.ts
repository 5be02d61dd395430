import type {
  DeviceFit,
  DeviceMeasurement,
  MachineFit,
  MachineReport,
} from '#core/contract/machine'
import { vendorByName } from '#core/machine/gpu-identity'
import { intensityOf, flopsPerImage, type Roof } from '#core/machine/estimate'
import { stepsPerEpoch } from '#core/machine/step-time'
import type { TrainingShape } from '#core/machine/training-shape'
import type { Net } from './ceilings'

/** Everything the page says of one device and the present net. */
export interface DeviceRow {
  /** Tells two rows apart. */
  readonly key: string
  readonly device: DeviceFit['device']
  /** "CPU", or the card's name. */
  readonly name: string
  readonly software: boolean
  readonly fit: DeviceFit
  /** Seconds an epoch, by the measured costs of what a step consists of; null where something was not measured. */
  readonly predicted: number | null
  /** Layers, optimizers and the like that were not measured. */
  readonly missing: readonly string[]
  /** Seconds an epoch of this very net; null where another one was measured. */
  readonly measured: number | null
  readonly roof: Roof | null
  /** GB/s that its memory has on paper; null where unknown. */
  readonly theoretical: number | null
  /** Where the net stands under the roof; its rate is the measured one, else the predicted one. */
  readonly net: Net | null
}

export function deviceRows(
  report: MachineReport,
  { devices, measurement }: MachineFit,
  shape: TrainingShape,
  /** The measurement is of this net. */
  fresh: boolean,
  gpuName: string | null,
): readonly DeviceRow[] {
  return devices.map((fit) => {
    const { device, adapter } = fit
    const timed = timedAs(fit, measurement)
    const steps = stepsPerEpoch(shape)
    const predictedStep = fit.step?.known === true ? fit.step.seconds : null
    const measuredStep = fresh ? (timed?.secondsPerStep.value ?? null) : null
    const step = measuredStep ?? predictedStep
    const gflops = timed?.gflops.value ?? null
    const bandwidth = timed?.memoryBandwidth.value ?? null
    const name = device === 'cpu' ? 'CPU' : (adapter ?? gpuName ?? 'GPU')
    return {
      key: `${device} ${name}`,
      device,
      name,
      software: timed?.software ?? false,
      fit,
      predicted: predictedStep === null ? null : predictedStep * steps,
      missing: fit.step?.known === false ? fit.step.missing : [],
      measured: measuredStep === null ? null : measuredStep * steps,
      roof: gflops === null || bandwidth === null ? null : { gflops, bandwidth },
      theoretical: theoreticalBandwidth(report, device, name),
      net:
        step === null || fit.memory === null
          ? null
          : {
              intensity: intensityOf(shape, fit.memory.optimizerState),
              gflops: (shape.batchSize * flopsPerImage(shape)) / step / 1e9,
            },
    }
  })
}

/** What was timed of this device: of the CPU, or of the adapter of this name. */
function timedAs(
  { device, adapter }: DeviceFit,
  measurement: MachineFit['measurement'],
): DeviceMeasurement | null {
  const timed = measurement?.devices.filter((each) => each.device === device) ?? []
  return timed.find(({ name }) => device === 'cpu' || name === adapter) ?? null
}

/** Of the card that the adapter is, where its name tells, or its maker has one card only in this machine. */
function theoreticalBandwidth(
  report: MachineReport,
  device: DeviceFit['device'],
  name: string,
): number | null {
  if (device === 'cpu') return report.memory.bandwidth.value
  const card = report.gpus.find((gpu) => gpu.name.value !== null && name.includes(gpu.name.value))
  const maker = vendorByName(name)
  const ofMaker = report.gpus.filter(({ vendor }) => maker !== null && vendor.value === maker)
  return (card ?? (ofMaker.length === 1 ? ofMaker[0] : undefined))?.memoryBandwidth.value ?? null
}

/** Seconds an epoch on both devices, for the verdict; undefined where one is not known. */
export function epochSeconds(
  rows: readonly DeviceRow[],
): { readonly cpu: number; readonly webgpu: number } | undefined {
  const of = (device: DeviceRow['device']) => {
    const row = rows.find((candidate) => candidate.device === device && !candidate.software)
    return row?.measured ?? row?.predicted ?? null
  }
  const [cpu, webgpu] = [of('cpu'), of('webgpu')]
  return cpu === null || webgpu === null ? undefined : { cpu, webgpu }
}
