import { DeviceError } from './device-error'
import type { TileNames, TileQuestion } from './tile-book'
import type { TileStore } from './webgpu-options'

/** Rises whenever a kernel changes so much that other tiles may win. */
const KERNELS = 2

/** Each tile is timed so often, and the shortest time counts: noise only ever adds. */
const ROUNDS = 3
/** Tiles that are so much slower than the best are not timed again. */
const HOPELESS = 1.3
/** What must be won before another tile than the usual one is taken. */
const WORTHWHILE = 0.98

export interface TuningOptions {
  readonly store: TileStore
  /** Tiles that are not to be asked about any more. */
  readonly earlier: TileNames
  /** Begins the keys: the adapter, and how many runs share a dispatch. */
  readonly key: string
  /** Times blocks of whole steps with these tiles. */
  readonly millisecondsPerStep: (tiles: TileNames) => Promise<number>
}

/**
 * Tiles for the shapes of a step: those of the store, and for the rest the fastest, shape after shape, the others as they are known
 * by then. What is found goes into the store, so that a shape is timed once in the life of an adapter and its driver.
 */
export async function tuneTiles(
  questions: readonly TileQuestion[],
  { store, earlier, key, millisecondsPerStep }: TuningOptions,
): Promise<TileNames> {
  const keyOf = ({ shape }: TileQuestion) => `${key} kernels ${KERNELS} ${shape}`
  const known = ({ tiles }: TileQuestion, name: string | undefined) =>
    name !== undefined && tiles.includes(name)
  const chosen = new Map<string, string>()
  const open: TileQuestion[] = []
  for (const question of questions) {
    const before = earlier.get(question.shape)
    const name = known(question, before) ? before : store.get(keyOf(question))
    if (name !== undefined && known(question, name)) chosen.set(question.shape, name)
    else if (question.tiles.length > 1) open.push(question)
  }
  // If a tile kills the device, or the process with it, the next session finds the usual ones and times nothing.
  for (const question of open) store.set(keyOf(question), question.tiles[0] ?? '')
  for (const question of open) {
    const fastest = await fastestOf(question.tiles, (name) =>
      millisecondsPerStep(new Map([...chosen, [question.shape, name]])),
    )
    chosen.set(question.shape, fastest)
    store.set(keyOf(question), fastest)
  }
  return chosen
}

/** Times all of them in turn, so that what slows the machine for a moment slows all alike. The first is the usual one. */
async function fastestOf(
  names: readonly string[],
  time: (name: string) => Promise<number>,
): Promise<string> {
  const best = new Map<string, number>()
  let running = [...names]
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of running)
      best.set(name, Math.min(best.get(name) ?? Infinity, await orNever(time(name))))
    const least = Math.min(...best.values())
    running = running.filter((name) => (best.get(name) ?? Infinity) <= least * HOPELESS)
    if (running.length < 2) break
  }
  const [usual = ''] = names
  let fastest = usual
  for (const [name, milliseconds] of best)
    if (milliseconds < (best.get(fastest) ?? Infinity)) fastest = name
  const gained = (best.get(fastest) ?? Infinity) < (best.get(usual) ?? Infinity) * WORTHWHILE
  return gained ? fastest : usual
}

/** A tile that the device refuses never ends. */
async function orNever(time: Promise<number>): Promise<number> {
  try {
    return await time
  } catch (error) {
    if (error instanceof DeviceError) return Infinity
    throw error
  }
}
