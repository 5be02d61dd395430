import type { BlockReport, NumericalFailure } from '../backend'

/** The report of a block that is worked off in parts; nothing follows a failure. */
export class GrowingReport {
  private readonly parts: BlockReport[] = []

  get failure(): NumericalFailure | null {
    return this.parts.at(-1)?.failure ?? null
  }

  add(part: BlockReport): void {
    if (this.failure === null) this.parts.push(part)
  }

  done(): BlockReport {
    const { parts, failure } = this
    const [only] = parts
    if (only !== undefined && parts.length === 1) return only
    const steps = parts.reduce((sum, { losses }) => sum + losses.length, 0)
    const report = { losses: new Float64Array(steps), hits: new Uint32Array(steps) }
    let at = 0
    for (const { losses, hits } of parts) {
      report.losses.set(losses, at)
      report.hits.set(hits, at)
      at += losses.length
    }
    return {
      ...report,
      failure,
      layers: parts.findLast(({ layers }) => layers !== null)?.layers ?? null,
    }
  }
}
