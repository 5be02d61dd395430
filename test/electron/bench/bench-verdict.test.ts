import { expect, it } from 'vitest'
import { presetById } from '#core/spec/presets'
import { benchVerdict } from '../../../electron/bench/bench-verdict'
import type { Measurement } from '../../../electron/bench/race'
import { netOf } from '../../../electron/bench/standard-nets'

function measured(
  number: number,
  threads: number,
  secondsPerEpoch: number,
  changes: Partial<Measurement> = {},
): Measurement {
  return {
    net: netOf(number).name,
    contender: 'cpu',
    threads,
    secondsPerEpoch,
    scaledFromSteps: 10,
    imagesPerSecond: 60_000 / secondsPerEpoch,
    gflops: 50,
    shareOfPeak: 0.8,
    spread: 1.05,
    ...changes,
  }
}

const { epochs } = presetById('starter').training
const quiet = { peak: 64.4, relaxedSimd: true, defaultThreads: 4 }

it('says what the starter takes, what threads gain and how near the kernels come to the peak', () => {
  const measurements = [
    measured(2, 1, 0.3),
    measured(2, 4, 0.2),
    measured(5, 1, 30, { shareOfPeak: 0.874 }),
    measured(5, 4, 10),
  ]
  expect(benchVerdict({ ...quiet, measurements })).toEqual([
    'This machine trains the starter (784-128-10, Adam, batch 64) in 0.20 s an epoch of 60,000 images, with 4 threads.',
    `Its ${epochs} epochs, as the preset asks, take about ${(0.2 * epochs).toFixed(2)} s, evaluation not counted.`,
    '4 threads are 1.50 times as fast as one on 784-128-10 b64 Adam, 3.00 times on 784-2048-2048-10 b512 Adam.',
    'One thread reaches 64 GFLOP/s with 128-bit vectors in registers; training 784-2048-2048-10 b512 Adam reaches 87 % of it.',
    'Relaxed SIMD (fused multiply-add) is used.',
  ])
})

it('explains a share of the peak above 100 %, which black pixels make', () => {
  const explained = (shareOfPeak: number) =>
    benchVerdict({ ...quiet, measurements: [measured(5, 1, 30, { shareOfPeak })] })
      .join('\n')
      .includes('most are black')
  expect(explained(1.08)).toBe(true)
  expect(explained(0.97)).toBe(false)
})

it('recommends the number of threads that is faster than the usual one', () => {
  const measurements = [measured(2, 1, 0.2), measured(2, 4, 0.3)]
  const sentences = benchVerdict({ ...quiet, measurements })
  expect(sentences).toContain('The commands use 4 threads by themselves; --threads 1 is faster.')
  expect(sentences.join('\n')).toContain('More threads gained nothing')
})

it('says nothing of nets and threads that were not measured', () => {
  const sentences = benchVerdict({ ...quiet, measurements: [measured(4, 2, 1)] })
  expect(sentences).toEqual([
    'One thread reaches 64 GFLOP/s with 128-bit vectors in registers.',
    'Relaxed SIMD (fused multiply-add) is used.',
  ])
})

it('says that the runtime has no fused multiply-add, and that the machine was not quiet', () => {
  const measurements = [measured(2, 1, 0.3, { spread: 1.4 })]
  const text = benchVerdict({ ...quiet, relaxedSimd: false, measurements }).join('\n')
  expect(text).toContain('plain SIMD is used')
  expect(text).toContain('Repeats differ by 40 %')
})
