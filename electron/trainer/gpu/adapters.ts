import type { GpuInfo } from '#core/contract/gpu-host'
import { webGpuReport } from '#core/machine/webgpu-adapter'
import type { WebGpuReport } from '#core/machine/report'
import { fail, ok, type Result } from '#core/tensor/result'
import type { GpuHost } from '../gpu-host'

/** What the host's GPU is, asked once: opening a device takes a moment, and many want to know. */
export class Adapters {
  private readonly host: GpuHost
  private asked: Promise<Result<GpuInfo, string>> | null = null
  private answer: Result<GpuInfo, string> | null = null

  constructor(host: GpuHost) {
    this.host = host
  }

  /** The adapter that a run would get, or why there is none, for a person. */
  best(): Promise<Result<GpuInfo, string>> {
    this.asked ??= this.ask().then((answer) => {
      this.answer = answer
      return answer
    })
    return this.asked
  }

  /** What `best` said; null while nobody has asked, or the host has not answered. */
  get known(): Result<GpuInfo, string> | null {
    return this.answer
  }

  /** For the Machine report: the adapter that trains, and the other one of a machine with two. */
  async reports(): Promise<Result<readonly WebGpuReport[], string>> {
    const best = await this.best()
    if (!best.ok) return best
    const { other } = best.value
    const found = [best.value, ...(other === undefined ? [] : [other])]
    return ok(found.map(({ adapter, name }) => webGpuReport(adapter, name)))
  }

  /** What somebody else was just answered. */
  learn(answer: Result<GpuInfo, string>): void {
    this.asked = Promise.resolve(answer)
    this.answer = answer
  }

  /** Asks anew the next time: a driver was installed, or a card was lost. */
  forget(): void {
    this.asked = null
    this.answer = null
  }

  private async ask(): Promise<Result<GpuInfo, string>> {
    try {
      const line = await this.host.open()
      if (!line.ok) return line
      await line.value.close()
      return ok(line.value.info)
    } catch (error) {
      return fail(error instanceof Error ? error.message : String(error))
    }
  }
}
