import type { MachineReport } from '#core/machine/report'
import type { Probing } from './probe'

/** Remembers the last report. Concurrent callers share one probe; what came late is in the next answer. */
export class ProbeCache {
  private readonly start: () => Probing
  private current: Probing | null = null
  private whole: MachineReport | null = null

  constructor(start: () => Probing) {
    this.start = start
  }

  /** `patient`: waits for the sources that are slow. */
  async get(patient: boolean): Promise<MachineReport> {
    const probing = (this.current ??= this.begin())
    return patient ? probing.whole : (this.whole ?? probing.soon)
  }

  /** The next answer is found out anew. */
  forget(): void {
    this.current = null
    this.whole = null
  }

  private begin(): Probing {
    const probing = this.start()
    void probing.whole.then((report) => {
      if (this.current === probing) this.whole = report
    })
    return probing
  }
}
