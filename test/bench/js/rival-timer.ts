import type { Timing } from '../../../electron/bench/contender'
import type { StandardNet } from '../../../electron/bench/standard-nets'
import type { Batch, Rival, RivalModel } from './rival'

/** Steps before the first measurement of a net: as many as fit, within these bounds. */
const WARM_UP = { least: 3, most: 30 }
/** A measurement of a slow rival ends after so many milliseconds; the epoch is scaled from the steps done. */
const MILLISECONDS = 2500

/** Drives a rival through the nets that are asked for, one after the other. */
export class RivalTimer {
  private readonly rival: Rival
  private readonly batchesOf: (net: StandardNet) => readonly Batch[]
  private readonly now: () => number
  private current: { readonly net: string; readonly model: RivalModel } | null = null
  private batches = 1
  private steps = 0

  constructor(
    rival: Rival,
    batchesOf: (net: StandardNet) => readonly Batch[],
    now: () => number = () => performance.now(),
  ) {
    this.rival = rival
    this.batchesOf = batchesOf
    this.now = now
  }

  /** @throws Error where the loss does not fall: the time of something that does not train is no figure */
  async measure(net: StandardNet): Promise<Timing> {
    const model = this.current?.net === net.name ? this.current.model : await this.open(net)
    return this.train(model, 1, net.steps)
  }

  private async open(net: StandardNet): Promise<RivalModel> {
    this.current?.model.end()
    const batches = this.batchesOf(net)
    const model = this.rival.open(net, batches)
    this.current = { net: net.name, model }
    this.batches = batches.length
    this.steps = 0
    await this.train(model, 1, 1)
    const first = await model.loss()
    await this.train(model, WARM_UP.least - 1, Math.min(net.steps, WARM_UP.most) - 1)
    const last = await model.loss()
    // NaN falls as little as a number that stays.
    if (!(last < first))
      throw new Error(`${net.name} does not train: its loss went from ${first} to ${last}`)
    return model
  }

  private async train(model: RivalModel, least: number, most: number): Promise<Timing> {
    const start = this.now()
    let done = 0
    while (done < least || (done < most && this.now() - start < MILLISECONDS)) {
      await model.step(this.steps % this.batches)
      this.steps++
      done++
    }
    return { seconds: (this.now() - start) / 1000, steps: done }
  }
}
