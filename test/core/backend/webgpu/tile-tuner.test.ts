import { describe, expect, test } from 'vitest'
import { SessionLostError } from '#core/backend/remote-session'
import { DeviceError } from '#core/backend/webgpu/device-error'
import type { TileNames, TileQuestion } from '#core/backend/webgpu/tile-book'
import { tuneTiles } from '#core/backend/webgpu/tile-tuner'
import type { TileStore } from '#core/backend/webgpu/webgpu-options'

const questions: readonly TileQuestion[] = [
  { shape: 'forward', tiles: ['usual', 'fast', 'slow'] },
  { shape: 'update', tiles: ['usual', 'fast', 'slow'] },
  { shape: 'head', tiles: ['only'] },
]

/** Milliseconds that a product adds to a step. */
const times: Readonly<Record<string, number>> = { usual: 2, fast: 1, slow: 9 }

function storeOf(known: Readonly<Record<string, string>> = {}) {
  const found = new Map(Object.entries(known))
  const store: TileStore = {
    get: (key) => found.get(key),
    set: (key, value) => found.set(key, value),
  }
  return { found, store }
}

/** Steps on a GPU that is as fast as `times` says, and what was asked of it. */
function timed(own: Readonly<Record<string, number>> = times) {
  const asked: TileNames[] = []
  const millisecondsPerStep = (tiles: TileNames) => {
    asked.push(tiles)
    const products = ['forward', 'update'].map((shape) => own[tiles.get(shape) ?? 'usual'] ?? 0)
    return Promise.resolve(products.reduce((sum, time) => sum + time, 0))
  }
  return { asked, millisecondsPerStep }
}

const options = { key: 'adapter', earlier: new Map<string, string>() }

describe('tuning', () => {
  test('takes the fastest tile of each shape and stores it under adapter, kernels and shape', async () => {
    const { found, store } = storeOf()
    const chosen = await tuneTiles(questions, { ...options, store, ...timed() })
    expect([...chosen]).toEqual([
      ['forward', 'fast'],
      ['update', 'fast'],
    ])
    expect([...found]).toEqual([
      [expect.stringMatching(/^adapter kernels \d+ forward$/), 'fast'],
      [expect.stringMatching(/^adapter kernels \d+ update$/), 'fast'],
    ])
  })

  test('times a shape with the tiles that were found before it', async () => {
    const { asked, millisecondsPerStep } = timed()
    await tuneTiles(questions, { ...options, store: storeOf().store, millisecondsPerStep })
    const later = asked.filter((tiles) => tiles.has('update'))
    expect(new Set(later.map((tiles) => tiles.get('forward')))).toEqual(new Set(['fast']))
  })

  test('times nothing that the store knows', async () => {
    const { store } = storeOf()
    const first = await tuneTiles(questions, { ...options, store, ...timed() })
    const again = timed()
    expect(await tuneTiles(questions, { ...options, store, ...again })).toEqual(first)
    expect(again.asked).toEqual([])
  })

  test('times again where the stored tile does not exist any more', async () => {
    const { found, store } = storeOf()
    await tuneTiles(questions, { ...options, store, ...timed() })
    for (const key of found.keys()) found.set(key, 'of an older version')
    const chosen = await tuneTiles(questions, { ...options, store, ...timed() })
    expect(chosen.get('forward')).toBe('fast')
  })

  test('another adapter has its own tiles', async () => {
    const { found, store } = storeOf()
    await tuneTiles(questions, { ...options, store, ...timed() })
    const other = timed({ usual: 1, fast: 3, slow: 9 })
    const chosen = await tuneTiles(questions, { ...options, key: 'other', store, ...other })
    expect(chosen.get('forward')).toBe('usual')
    expect(found.size).toBe(4)
  })

  test('a run that goes on keeps its tiles, whatever the store says', async () => {
    const { store } = storeOf()
    await tuneTiles(questions, { ...options, store, ...timed() })
    const earlier = new Map([['forward', 'slow']])
    const chosen = await tuneTiles(questions, { ...options, earlier, store, ...timed() })
    expect([...chosen]).toEqual([
      ['forward', 'slow'],
      ['update', 'fast'],
    ])
  })

  test('keeps the usual tile where nothing is gained by another', async () => {
    const chosen = await tuneTiles(questions, {
      ...options,
      store: storeOf().store,
      ...timed({ usual: 2, fast: 1.99, slow: 9 }),
    })
    expect(chosen.get('forward')).toBe('usual')
  })

  test('times hopeless tiles once, and near ones three times', async () => {
    const { asked, millisecondsPerStep } = timed({ usual: 2, fast: 1.9, slow: 90 })
    await tuneTiles(questions.slice(0, 1), {
      ...options,
      store: storeOf().store,
      millisecondsPerStep,
    })
    const names = asked.map((tiles) => tiles.get('forward'))
    expect(names.filter((name) => name === 'slow')).toHaveLength(1)
    expect(names.filter((name) => name === 'fast')).toHaveLength(3)
  })

  test('does without a tile that the device refuses', async () => {
    const { millisecondsPerStep } = timed()
    const chosen = await tuneTiles(questions, {
      ...options,
      store: storeOf().store,
      millisecondsPerStep: (tiles) =>
        [...tiles.values()].includes('fast')
          ? Promise.reject(new DeviceError('too many registers'))
          : millisecondsPerStep(tiles),
    })
    expect([...chosen.values()]).toEqual(['usual', 'usual'])
  })

  test('a tile that costs the device is not tried a second time', async () => {
    const { store } = storeOf()
    const dies = () => Promise.reject(new SessionLostError('the GPU was lost'))
    await expect(
      tuneTiles(questions, { ...options, store, millisecondsPerStep: dies }),
    ).rejects.toThrow(SessionLostError)
    const again = timed()
    const chosen = await tuneTiles(questions, { ...options, store, ...again })
    expect([...chosen.values()]).toEqual(['usual', 'usual'])
    expect(again.asked).toEqual([])
  })
})
