import type { BlockReport, NumericalFailure } from '../backend'
import type { LayerReport } from '../layer-report'

/** The report of a block that is worked off in parts; nothing follows a failure. */
export class GrowingReport {
  private readonly losses: number[] = []
  private readonly hits: number[] = []
  private layers: readonly LayerReport[] | null = null
  failure: NumericalFailure | null = null

  add({ losses, hits, layers, failure }: BlockReport): void {
    if (this.failure !== null) return
    for (const loss of losses) this.losses.push(loss)
    for (const hit of hits) this.hits.push(hit)
    this.layers = layers ?? this.layers
    this.failure = failure
  }

  done(): BlockReport {
    const { losses, hits, layers, failure } = this
    return {
      losses: Float64Array.from(losses),
      hits: Uint32Array.from(hits),
      failure,
      layers,
    }
  }
}
