import { expect, it } from 'vitest'
import type { Placing } from '../../electron/bench/race'
import { describeRow, markdownTable, rowsOf } from './nets-report'

function placing(
  family: string,
  variant: string,
  threads: number,
  secondsPerEpoch: number,
  net = '784-128-10 b64 Adam',
): Placing {
  const name = `${family} ${variant}`
  const unused = () => Promise.reject(new Error('not asked'))
  return {
    contender: {
      name,
      family,
      threads,
      device: 'cpu',
      measure: unused,
      release: unused,
      close: unused,
    },
    measurement: {
      net,
      contender: name,
      threads,
      secondsPerEpoch,
      scaledFromSteps: 938,
      imagesPerSecond: 60_000 / secondsPerEpoch,
      gflops: 20,
      shareOfPeak: 0.5,
      spread: 1.1,
    },
  }
}

const placings = [
  placing('ours', 'cpu', 1, 1),
  placing('ours', 'cpu', 2, 0.5),
  placing('torch', 'eager', 2, 2),
  placing('torch', 'fused', 2, 1.5),
  placing('jax', 'in Node', 1, 5),
]

it('ratios are taken against the fastest variant with as many threads, or the fastest there is', () => {
  const [one, two, eager, , jax] = rowsOf(placings)
  expect(one?.ratios).toEqual({ torch: 1 / 1.5, jax: 1 / 5 })
  expect(two?.ratios).toEqual({ torch: 0.5 / 1.5, jax: 0.5 / 5 })
  expect(eager?.ratios).toEqual({ ours: 2 / 0.5, jax: 2 / 5 })
  expect(jax?.ratios).toEqual({ ours: 5, torch: 5 / 1.5 })
})

it('a line names the net, the threads, the time and the ratios', () => {
  const line = rowsOf(placings).map(describeRow)[1]
  expect(line).toContain('784-128-10 b64 Adam')
  expect(line).toMatch(/2 thr +0\.500 s\/epoch +120000 img\/s .* 50 % of peak +0\.33 x torch/)
})

it('as Markdown, a line is a net with a number of threads and a column is a contender', () => {
  const all = [...rowsOf(placings), ...rowsOf([placing('ours', 'cpu', 1, 123.4, 'large')])]
  expect(markdownTable(all).split('\n')).toEqual([
    '| net | threads | ours cpu | torch eager | torch fused | jax in Node |',
    '| --- | --: | --: | --: | --: | --: |',
    '| 784-128-10 b64 Adam | 1 | 1.00 |  |  | 5.00 |',
    '| 784-128-10 b64 Adam | 2 | 0.500 | 2.00 | 1.50 |  |',
    '| large | 1 | 123 |  |  |  |',
  ])
})
