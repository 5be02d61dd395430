import type { Measured, MeasurementReport } from '#core/machine/report'
import { leavesFrom, unknownLeaf } from '#core/machine/measured'

/** What so many threads reach: bytes a second of copying, GFLOP/s of matrix products. Null where they cannot be had. */
export interface CpuRates {
  readonly copyRate: number | null
  readonly gflops: number | null
}

export interface MeasureOptions {
  /** That training uses. */
  readonly threads: number
  /** Runs the backend's own kernels for a moment. */
  readonly measure: (threads: number) => Promise<CpuRates>
  readonly signal: AbortSignal
}

/** Outside this band (GB/s) the clock or the machine was disturbed; such a number is not shown. */
const SANE = { low: 2, high: 4000 }

const leaf = leavesFrom('measured here')

/** What the CPU reaches with one thread and with all of them. Stops with the signal's reason when cancelled. */
export async function measureCpu({
  threads,
  measure,
  signal,
}: MeasureOptions): Promise<MeasurementReport> {
  const one = await measure(1)
  signal.throwIfAborted()
  const all = threads === 1 ? one : await measure(threads)
  signal.throwIfAborted()
  return {
    device: 'cpu',
    memoryBandwidth: bandwidth(one, 1),
    memoryBandwidthAllThreads: bandwidth(all, threads),
    gflopsOneThread: gflops(one, 1),
    gflopsAllThreads: gflops(all, threads),
  }
}

function bandwidth({ copyRate }: CpuRates, threads: number): Measured<number> {
  const value = copyRate === null ? null : copyRate / 1e9
  if (value !== null && !(value >= SANE.low && value <= SANE.high))
    return unknownLeaf('GB/s', 'the measurement was disturbed; try again')
  return leaf(value, 'GB/s', `copying a buffer, ${counted(threads)}`, 'measured')
}

function gflops({ gflops: rate }: CpuRates, threads: number): Measured<number> {
  const value = rate !== null && rate > 0 ? rate : null
  return leaf(value, 'GFLOP/s', `matrix products of a net, ${counted(threads)}`, 'measured')
}

function counted(threads: number): string {
  return `${threads} ${threads === 1 ? 'thread' : 'threads'}`
}
