import type { Gpu } from './gpu'

const DEFAULT_MILLISECONDS = 100
/** Submits on their way: the next is encoded while the GPU works. */
const IN_FLIGHT = 2
/** Steps of a block's first submit: the GPU begins while the others are still encoded. */
const FIRST_STEPS = 16
/** Each submit of a block may be so much longer than the one before: encoding a step takes less time than the step. */
const GROWTH = 1.5
/** More of them in a submit save nothing, and the GPU would wait for them. */
const MOST_STEPS = 256

/** Consecutive steps. */
export interface Steps {
  readonly from: number
  readonly count: number
}

/** Puts so many steps into a submit that the GPU never waits for them, and that none takes longer than about so many milliseconds. */
export class SubmitPace {
  private readonly gpu: Gpu
  private readonly target: number
  private steps = FIRST_STEPS
  private lastDone = 0
  private readonly flying: Promise<void>[] = []

  constructor(gpu: Gpu, target = DEFAULT_MILLISECONDS) {
    this.gpu = gpu
    this.target = target
  }

  /**
   * Submits steps number `from` to `to` (not included); waits only so far that not too many are on their way. `prepare` writes what
   * the steps of the next submit read.
   */
  async submit(
    { from, to }: { readonly from: number; readonly to: number },
    bindGroup: GPUBindGroup,
    prepare: (steps: Steps) => void,
    encode: (pass: GPUComputePassEncoder, step: number) => void,
  ): Promise<void> {
    const { device } = this.gpu
    let most = FIRST_STEPS
    for (let next = from; next < to;) {
      const count = Math.min(this.steps, Math.round(most), to - next)
      prepare({ from: next, count })
      const encoder = device.createCommandEncoder()
      const pass = encoder.beginComputePass()
      pass.setBindGroup(0, bindGroup)
      for (let step = next; step < next + count; step++) encode(pass, step)
      pass.end()
      device.queue.submit([encoder.finish()])
      this.flying.push(this.follow(count))
      if (this.flying.length > IN_FLIGHT) await this.flying.shift()
      next += count
      most *= GROWTH
    }
  }

  private async follow(count: number): Promise<void> {
    const begun = Date.now()
    try {
      await this.gpu.device.queue.onSubmittedWorkDone()
    } catch {
      // A lost device is reported by whoever reads the results.
      return
    }
    const now = Date.now()
    const elapsed = Math.max(0.5, now - Math.max(begun, this.lastDone))
    this.lastDone = now
    // What is left over at the end of a block says little: starting it took longer than doing it.
    if (count * 2 < this.steps && elapsed < this.target) return
    const wanted = (count * this.target) / elapsed
    this.steps = Math.round(
      Math.min(MOST_STEPS, Math.max(1, Math.min(this.steps * 2, Math.max(this.steps / 2, wanted)))),
    )
  }
}
