import { expect, it } from 'vitest'
import type { Contender } from '../../../electron/bench/contender'
import { race } from '../../../electron/bench/race'
import { flopsPerImage, netOf } from '../../../electron/bench/standard-nets'

const starter = netOf(2)

/** Says the seconds it is given, in order, and notes when it was asked. */
function contender(name: string, seconds: readonly number[], asked: string[] = []): Contender {
  const left = [...seconds]
  return {
    name,
    family: name,
    threads: 2,
    device: 'cpu',
    measure: () => {
      asked.push(name)
      return Promise.resolve({ seconds: left.shift() ?? NaN, steps: 469 })
    },
    release: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}

it('contenders take turns, and the median of their repeats is scaled to an epoch', async () => {
  const asked: string[] = []
  const placings = await race(
    starter,
    [contender('a', [4, 1, 2], asked), contender('b', [3, 3, 3], asked)],
    { repeats: 3, peak: 10 },
  )
  expect(asked.join('')).toBe('ababab')
  const [a, b] = placings.map(({ measurement }) => measurement)
  // 469 of the epoch's 938 steps took 2 s.
  expect(a?.secondsPerEpoch).toBeCloseTo(4, 12)
  expect(a?.spread).toBe(4)
  expect(b?.secondsPerEpoch).toBeCloseTo(6, 12)
  expect(b?.spread).toBe(1)
  const gflops = (flopsPerImage(starter) * 64 * 469) / 2 / 1e9
  expect(a?.gflops).toBeCloseTo(gflops, 9)
  expect(a?.shareOfPeak).toBeCloseTo(gflops / 20, 9)
})

it('a net counts two products for its first layer and three for the others', () => {
  expect(flopsPerImage(starter)).toBe(2 * (2 * 784 * 128 + 3 * 128 * 10))
})

it('ends with the reason while a contender is busy', async () => {
  const controller = new AbortController()
  const busy: Contender = { ...contender('busy', []), measure: () => new Promise(() => undefined) }
  const racing = race(starter, [busy], { repeats: 1, peak: 10, signal: controller.signal })
  controller.abort(new Error('enough'))
  await expect(racing).rejects.toThrow('enough')
})

it('a net that is not there is named with those that are', () => {
  expect(() => netOf(9)).toThrow('found net 9; allowed: 1, 2, 3, 4, 5')
})
