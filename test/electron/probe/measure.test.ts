import { expect, test } from 'vitest'
import { measureCpu, measureMemoryBandwidth } from '../../../electron/probe/measure'

const small = { bufferBytes: 4 * 1024 ** 2, durationMs: 5 }

test('copying is measured in GB/s and says how', async () => {
  const leaf = await measureMemoryBandwidth(small)
  expect(leaf.unit).toBe('GB/s')
  expect(leaf.confidence === 'measured').toBe(leaf.value !== null)
})

test('a clock that stands still or jumps gives no number', async () => {
  let still = 0
  const calls = [0, 0, 0, 100]
  const stopped = await measureMemoryBandwidth({ ...small, now: () => calls[still++] ?? 100 })
  expect(stopped.value).toBeNull()
  let time = 0
  const slow = await measureMemoryBandwidth({ ...small, now: () => (time += 60_000) })
  expect(slow.value).toBeNull()
})

test('the kernel is measured with one thread and with all', async () => {
  const report = await measureCpu({
    ...small,
    threads: 8,
    measureGflops: (threads) => Promise.resolve(50 * threads),
  })
  expect(report.gflopsOneThread.value).toBe(50)
  expect(report.gflopsAllThreads.value).toBe(400)
  expect(report.gflopsAllThreads.method).toContain('8 threads')
})

test('without a kernel the speed of the CPU stays unknown', async () => {
  const report = await measureCpu({ ...small, threads: 2 })
  expect(report.gflopsAllThreads.confidence).toBe('unknown')
})

test('a cancelled measurement stops with the reason it was given', async () => {
  const controller = new AbortController()
  controller.abort(new Error('enough'))
  await expect(measureCpu({ ...small, threads: 1, signal: controller.signal })).rejects.toThrow(
    'enough',
  )
})
