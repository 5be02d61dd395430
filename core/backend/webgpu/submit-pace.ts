import { MOST_BLOCK_STEPS } from '../backend'
import type { Gpu } from './gpu'

const DEFAULT_MILLISECONDS = 100
/** Submits on their way: the next is encoded while the GPU works. */
const IN_FLIGHT = 2

/** Puts as many steps into a submit as take about so many milliseconds, by what the last ones took. */
export class SubmitPace {
  private readonly gpu: Gpu
  private readonly target: number
  private steps = 8
  private lastDone = 0
  private readonly flying: Promise<void>[] = []

  constructor(gpu: Gpu, target = DEFAULT_MILLISECONDS) {
    this.gpu = gpu
    this.target = target
  }

  /** Encodes and submits all steps; waits only so far that not too many are on their way. */
  async submit<T>(
    steps: readonly T[],
    bindGroup: GPUBindGroup,
    encode: (pass: GPUComputePassEncoder, step: T) => void,
  ): Promise<void> {
    const { device } = this.gpu
    for (let from = 0; from < steps.length;) {
      const count = Math.min(this.steps, steps.length - from)
      const encoder = device.createCommandEncoder()
      const pass = encoder.beginComputePass()
      pass.setBindGroup(0, bindGroup)
      for (const step of steps.slice(from, from + count)) encode(pass, step)
      pass.end()
      device.queue.submit([encoder.finish()])
      this.flying.push(this.follow(count))
      if (this.flying.length > IN_FLIGHT) await this.flying.shift()
      from += count
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
      Math.min(
        MOST_BLOCK_STEPS,
        Math.max(1, Math.min(this.steps * 2, Math.max(this.steps / 2, wanted))),
      ),
    )
  }
}
