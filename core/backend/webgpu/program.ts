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

  /** Runs all kernels over so many rows. */
  encode(pass: GPUComputePassEncoder, rows: number): void {
    for (const { pipeline, kernel } of this.entries) {
      const [x, y] = gridOf(kernel.jobs(rows))
      pass.setPipeline(pipeline)
      pass.dispatchWorkgroups(x, y, this.runs)
    }
  }
}
