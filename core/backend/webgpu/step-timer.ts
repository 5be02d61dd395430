import type { Gpu } from './gpu'
import { type KernelFrame, TABLE } from './kernel'
import type { Program } from './program'
import type { SessionBuffers } from './session-buffers'

/** A block must last so long that the clock and the way there and back count for nothing. */
const LEAST_MILLISECONDS = 20
const FIRST_STEPS = 4

export interface StepTimerOptions {
  readonly gpu: Gpu
  readonly buffers: SessionBuffers
  readonly frame: KernelFrame
  readonly runs: number
  /** Rows of a batch. */
  readonly rows: number
  /** The optimizer's scalars of a step. */
  readonly scalars: Float32Array
  /** Milliseconds of a steady clock. */
  readonly clock: () => number
}

/** Times blocks of steps of a session that nobody has used yet: afterwards its arena is empty again. */
export class StepTimer {
  private readonly options: StepTimerOptions
  private readonly most: number
  private steps = FIRST_STEPS

  constructor(options: StepTimerOptions) {
    this.options = options
    this.most = options.frame.tableRows
    this.writeTable()
  }

  /** Takes so many steps that they can be timed. */
  async millisecondsPerStep(program: Program): Promise<number> {
    for (;;) {
      const elapsed = await this.block(program, this.steps)
      if (elapsed >= LEAST_MILLISECONDS || this.steps === this.most) return elapsed / this.steps
      const wanted = (this.steps * LEAST_MILLISECONDS * 1.2) / Math.max(elapsed, 1)
      this.steps = Math.min(this.most, Math.ceil(Math.max(this.steps + 1, wanted)))
    }
  }

  /** Leaves zeros behind. */
  finish(): void {
    const { gpu, buffers } = this.options
    const encoder = gpu.device.createCommandEncoder()
    encoder.clearBuffer(buffers.arena)
    gpu.device.queue.submit([encoder.finish()])
  }

  private async block(program: Program, steps: number): Promise<number> {
    const { gpu, buffers, runs, rows, clock } = this.options
    const { device } = gpu
    buffers.resetControl(Array.from({ length: runs }, () => true))
    await gpu.guard(device.queue.onSubmittedWorkDone())
    const begun = clock()
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    pass.setBindGroup(0, buffers.bindGroup)
    for (let step = 0; step < steps; step++) program.encode(pass, rows)
    pass.end()
    device.queue.submit([encoder.finish()])
    await gpu.guard(device.queue.onSubmittedWorkDone())
    const elapsed = clock() - begun
    gpu.check()
    return elapsed
  }

  /** Every step sees the first images, in the order in which they lie there. */
  private writeTable(): void {
    const { gpu, buffers, frame, runs, rows, scalars } = this.options
    const words = new Uint32Array(this.most * frame.tableWords)
    const floats = new Float32Array(words.buffer)
    for (let step = 0; step < this.most; step++) {
      const at = step * frame.tableWords
      words[at + TABLE.rowCount] = rows
      words[at + TABLE.metric] = step
      words[at + TABLE.optimizerStep] = step
      floats[at + TABLE.divisor] = rows
      floats[at + TABLE.averageTake] = 1
      floats.set(scalars, at + TABLE.scalars)
    }
    const { queue } = gpu.device
    for (let run = 0; run < runs; run++)
      queue.writeBuffer(buffers.table, run * words.byteLength, words)
    queue.writeBuffer(
      buffers.rows,
      0,
      Uint32Array.from({ length: rows * 2 }, (_, i) => (i % 2 === 0 ? i / 2 : 0)),
    )
  }
}
