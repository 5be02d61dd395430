import { setImmediate } from 'node:timers/promises'
import type { Measured, MeasurementReport } from '#core/machine/report'
import { leavesFrom, unknownLeaf } from '#core/machine/measured'

/** Runs the backend's own matrix kernel for a moment; GFLOP/s, or null when it cannot run with so many threads. */
export type MeasureGflops = (threads: number, signal?: AbortSignal) => Promise<number | null>

export interface MeasureOptions {
  readonly threads: number
  readonly measureGflops?: MeasureGflops
  /** Of each of two buffers; must be well above the last level cache. */
  readonly bufferBytes?: number
  readonly durationMs?: number
  readonly signal?: AbortSignal
  /** Milliseconds, as performance.now. */
  readonly now?: () => number
}

const MIB = 1024 ** 2
const BUFFER_BYTES = 128 * MIB
const DURATION_MS = 80

/** Outside this band (GB/s) the clock or the machine was disturbed; such a number is not shown. */
const SANE = { low: 2, high: 4000 }

const leaf = leavesFrom('measured here')

/** What the CPU reaches. Takes about a second; stops with the signal's reason when cancelled. */
export async function measureCpu(options: MeasureOptions): Promise<MeasurementReport> {
  const { threads, signal } = options
  const memoryBandwidth = await measureMemoryBandwidth(options)
  return {
    device: 'cpu',
    memoryBandwidth,
    gflopsOneThread: await gflops(options.measureGflops, 1, signal),
    gflopsAllThreads: await gflops(options.measureGflops, threads, signal),
  }
}

/** GB/s of copying one big buffer into another with one thread, reads and writes counted; the best repeat. */
export async function measureMemoryBandwidth(
  options: Omit<MeasureOptions, 'threads'> = {},
): Promise<Measured<number>> {
  const { bufferBytes = BUFFER_BYTES, durationMs = DURATION_MS, signal } = options
  const now = options.now ?? (() => performance.now())
  const from = new Float64Array(bufferBytes / 8).fill(1)
  const to = new Float64Array(bufferBytes / 8).fill(2)
  let best = Infinity
  const end = now() + durationMs
  do {
    const start = now()
    to.set(from)
    best = Math.min(best, now() - start)
    await setImmediate()
    signal?.throwIfAborted()
  } while (now() < end)
  const value = (2 * bufferBytes) / (best / 1000) / 1e9
  if (!(value >= SANE.low && value <= SANE.high)) {
    return unknownLeaf('GB/s', 'the measurement was disturbed; try again')
  }
  return leaf(value, 'GB/s', `copying ${bufferBytes / MIB} MiB, 1 thread`, 'measured')
}

async function gflops(
  measure: MeasureGflops | undefined,
  threads: number,
  signal: AbortSignal | undefined,
): Promise<Measured<number>> {
  if (measure === undefined) return unknownLeaf('GFLOP/s', 'no kernel was given to measure')
  const value = await measure(threads, signal)
  signal?.throwIfAborted()
  const method = `matrix product, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
  return leaf(value !== null && value > 0 ? value : null, 'GFLOP/s', method, 'measured')
}
