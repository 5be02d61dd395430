import { expect, test } from 'vitest'
import { measureCpu } from '../../../electron/probe/measure'

const { signal } = new AbortController()

test('the CPU is measured with one thread and with all, and each value says how', async () => {
  const report = await measureCpu({
    threads: 8,
    measure: (threads) => Promise.resolve({ copyRate: 5e9 * threads, gflops: 50 * threads }),
    signal,
  })
  expect(report.gflopsOneThread).toMatchObject({ value: 50, unit: 'GFLOP/s' })
  expect(report.gflopsAllThreads.value).toBe(400)
  expect(report.memoryBandwidth).toMatchObject({ value: 5, unit: 'GB/s', confidence: 'measured' })
  expect(report.memoryBandwidthAllThreads).toMatchObject({ value: 40 })
  expect(report.memoryBandwidthAllThreads.method).toContain('8 threads')
})

test('where training has one thread, it is measured once', async () => {
  const asked: number[] = []
  const report = await measureCpu({
    threads: 1,
    measure: (threads) => {
      asked.push(threads)
      return Promise.resolve({ copyRate: 5e9, gflops: 50 })
    },
    signal,
  })
  expect(asked).toEqual([1])
  expect(report.gflopsAllThreads.value).toBe(report.gflopsOneThread.value)
})

test('a clock that stands still or jumps gives no number', async () => {
  for (const copyRate of [Infinity, 1e3, NaN]) {
    const measure = () => Promise.resolve({ copyRate, gflops: 0 })
    const report = await measureCpu({ threads: 1, measure, signal })
    expect(report.memoryBandwidth.value).toBeNull()
    expect(report.gflopsOneThread.value).toBeNull()
  }
})

test('without a device the rates stay unknown', async () => {
  const measure = () => Promise.resolve({ copyRate: null, gflops: null })
  const report = await measureCpu({ threads: 2, measure, signal })
  expect(report.memoryBandwidthAllThreads.confidence).toBe('unknown')
  expect(report.gflopsAllThreads.confidence).toBe('unknown')
})

test('a cancelled measurement stops with the reason it was given', async () => {
  const controller = new AbortController()
  const measure = () => {
    controller.abort(new Error('enough'))
    return Promise.resolve({ copyRate: 5e9, gflops: 50 })
  }
  await expect(measureCpu({ threads: 2, measure, signal: controller.signal })).rejects.toThrow(
    'enough',
  )
})
