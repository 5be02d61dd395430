import type { Gpu } from './gpu'
import type { Plan } from './plan'
import type { Program } from './program'
import { StepTimer, type StepTimerOptions } from './step-timer'
import { TileBook, type TileNames } from './tile-book'
import { workgroupLimits } from './tile-candidates'
import { tuneTiles } from './tile-tuner'
import { usualTiles } from './tiles'
import type { WebgpuOptions } from './webgpu-options'

/** Tiles of these names, and the usual ones for shapes that are not named. */
export function bookOf(gpu: Gpu, names: TileNames): TileBook {
  const limits = workgroupLimits(gpu.device.limits)
  return new TileBook(usualTiles(gpu.adapter, limits), limits, names)
}

export interface ChoiceOptions {
  readonly gpu: Gpu
  readonly options: WebgpuOptions
  /** What an earlier session of the run had: it has them again, so that its numbers go on as they began. */
  readonly earlier: TileNames
  /** The plan with these tiles; where its tensors are does not depend on them. */
  readonly planWith: (book: TileBook) => Plan
  /** A step of a plan, compiled. */
  readonly compileStep: (plan: Plan) => Promise<Program>
  readonly timer: Omit<StepTimerOptions, 'gpu' | 'clock'>
}

/** Tiles for a session that nobody has used yet: timed where the host keeps what is found out, and on real GPUs only. */
export async function chooseTiles(choice: ChoiceOptions): Promise<TileNames> {
  const { gpu, options, earlier, planWith, compileStep } = choice
  const { tiles: store, timesSoftware = false, clock = Date.now } = options
  if (store === undefined || (gpu.adapter.isSoftware && !timesSoftware)) return earlier
  const asking = bookOf(gpu, new Map())
  planWith(asking)
  let timer: StepTimer | null = null
  const { runs } = choice.timer
  const names = await tuneTiles(asking.questions, {
    store,
    earlier,
    key: `${gpu.adapter.key}${runs === 1 ? '' : ` ${runs} runs`}`,
    millisecondsPerStep: async (tiles) => {
      timer ??= new StepTimer({ ...choice.timer, gpu, clock })
      return timer.millisecondsPerStep(await compileStep(planWith(bookOf(gpu, tiles))))
    },
  })
  ;(timer as StepTimer | null)?.finish()
  return names
}
