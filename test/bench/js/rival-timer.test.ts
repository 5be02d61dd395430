import { expect, it } from 'vitest'
import { netOf } from '../../../electron/bench/standard-nets'
import type { Rival } from './rival'
import { RivalTimer } from './rival-timer'

const net = netOf(3)
const batch = { inputs: new Float32Array(), labels: new Int32Array() }

/** Steps take `milliseconds` on a clock of their own; losses are read from `lossOf(steps)`. */
function rivalOf(milliseconds: number, lossOf: (steps: number) => number) {
  const log = { opened: [] as string[], ended: 0, batches: [] as number[], now: 0 }
  const rival: Rival = {
    threads: 1,
    open: ({ name }) => {
      let steps = 0
      log.opened.push(name)
      return {
        step: (at) => {
          steps++
          log.batches.push(at)
          log.now += milliseconds
          return Promise.resolve()
        },
        loss: () => Promise.resolve(lossOf(steps)),
        end: () => {
          log.ended++
        },
      }
    },
  }
  return {
    log,
    timer: new RivalTimer(
      rival,
      () => [batch, batch, batch],
      () => log.now,
    ),
  }
}

const falling = (steps: number): number => 1 / steps

it('a fast rival warms up, takes the steps of the net and goes round in the batches', async () => {
  const { log, timer } = rivalOf(2, falling)
  expect(await timer.measure(net)).toEqual({ seconds: 0.6, steps: net.steps })
  expect(log.batches).toHaveLength(30 + net.steps)
  expect(log.batches.slice(0, 5)).toEqual([0, 1, 2, 0, 1])
})

it('a slow rival is stopped when a measurement has lasted long enough', async () => {
  const { timer } = rivalOf(1000, falling)
  expect(await timer.measure(net)).toEqual({ seconds: 3, steps: 3 })
})

it('a net is opened once, and ended when another is asked for', async () => {
  const { log, timer } = rivalOf(100, falling)
  await timer.measure(net)
  await timer.measure({ ...net })
  await timer.measure(netOf(4))
  expect(log.opened).toEqual([net.name, netOf(4).name])
  expect(log.ended).toBe(1)
})

it.each([
  ['stays', () => 2.3],
  ['is no number', () => NaN],
])('a loss that %s is no measurement', async (_case, lossOf) => {
  await expect(rivalOf(100, lossOf).timer.measure(net)).rejects.toThrow('does not train')
})
