import type { MachineMeasurement } from '#core/contract/machine'
import type { DeviceRow } from './device-rows'
import { leafText } from './leaf-text'

/** One rate that was measured, beside what the data sheet has. */
export interface Figure {
  readonly key: string
  readonly what:
    'bandwidth' | 'bandwidthAll' | 'oneThread' | 'allThreads' | 'gpuBandwidth' | 'gpuGflops'
  readonly name: string
  /** Null where unknown. */
  readonly measured: string | null
  readonly theory: string | null
  readonly how: string
}

export function figuresOf(
  { cpu, threads, devices }: MachineMeasurement,
  rows: readonly DeviceRow[],
  words: Parameters<typeof leafText>[1],
): readonly Figure[] {
  const theory = (device: DeviceRow['device'], name: string) => {
    const value =
      rows.find((row) => row.device === device && row.name === name)?.theoretical ?? null
    return value === null ? null : `${value.toFixed(1)} GB/s`
  }
  const figure = (
    what: Figure['what'],
    name: string,
    leaf: (typeof cpu)['memoryBandwidth'],
    paper: string | null,
  ): Figure => ({
    key: `${what} ${name}`,
    what,
    name,
    measured: leafText(leaf, words),
    theory: paper,
    how: leaf.method,
  })
  return [
    figure('bandwidth', 'CPU', cpu.memoryBandwidth, theory('cpu', 'CPU')),
    ...(threads > 1
      ? [figure('bandwidthAll', 'CPU', cpu.memoryBandwidthAllThreads, theory('cpu', 'CPU'))]
      : []),
    figure('oneThread', 'CPU', cpu.gflopsOneThread, null),
    ...(threads > 1 ? [figure('allThreads', 'CPU', cpu.gflopsAllThreads, null)] : []),
    ...devices
      .filter(({ device }) => device === 'webgpu')
      .flatMap(({ name, memoryBandwidth, gflops }) => [
        figure('gpuBandwidth', name, memoryBandwidth, theory('webgpu', name)),
        figure('gpuGflops', name, gflops, null),
      ]),
  ]
}
