import type { Gpu } from './gpu'
import { gridOf, type Kernel, kernelCode, type KernelFrame } from './kernel'

interface Entry {
  readonly pipeline: GPUComputePipeline
  readonly kernel: Kernel
}

/** Kernels in the order in which they run, compiled. */
export class Program {
  private readonly entries: readonly Entry[]
  private readonly runs: number
  /** Of all kernels, x and y of the dispatch, by the number of rows: there are one or two of them in a run. */
  private readonly grids = new Map<number, Uint32Array>()

  private constructor(entries: readonly Entry[], runs: number) {
    this.entries = entries
    this.runs = runs
  }

  /** `advances`: the kernel that ends the step; null where the caller counts. The first one begins it if `begins`. */
  static async compile(
    gpu: Gpu,
    kernels: readonly Kernel[],
    frame: KernelFrame,
    runs: number,
    { begins, advances }: { readonly begins: boolean; readonly advances: Kernel | null },
  ): Promise<Program> {
    const entries = kernels.map(async (kernel, i) => {
      const place = { first: begins && i === 0, advances: kernel === advances }
      const pipeline = await gpu.pipeline(kernel.label, kernelCode(kernel, frame, place))
      return { pipeline, kernel }
    })
    return new Program(await Promise.all(entries), runs)
  }

  get dispatches(): number {
    return this.entries.length
  }

  /** Runs all kernels over so many rows. Allocates nothing: it is called for every step. */
  encode(pass: GPUComputePassEncoder, rows: number): void {
    const { entries, runs } = this
    const grid = this.grids.get(rows) ?? this.gridsFor(rows)
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]
      if (entry === undefined) return
      pass.setPipeline(entry.pipeline)
      pass.dispatchWorkgroups(grid[2 * i] ?? 0, grid[2 * i + 1], runs)
    }
  }

  /** One pass over so many rows in a submit of its own, and what `then` adds to it. */
  submit(
    gpu: Gpu,
    bindGroup: GPUBindGroup,
    rows: number,
    then: (encoder: GPUCommandEncoder) => void = () => undefined,
  ): void {
    const encoder = gpu.device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    pass.setBindGroup(0, bindGroup)
    this.encode(pass, rows)
    pass.end()
    then(encoder)
    gpu.device.queue.submit([encoder.finish()])
  }

  private gridsFor(rows: number): Uint32Array {
    const grid = Uint32Array.from(this.entries.flatMap(({ kernel }) => gridOf(kernel.jobs(rows))))
    this.grids.set(rows, grid)
    return grid
  }
}
