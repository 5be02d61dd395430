import type { DepthFigure } from './depth-profile'

/** A figure as it comes over the wire: null is not finite. */
export type DepthLayer = Pick<DepthFigure, 'layer' | 'type'> & {
  readonly [K in 'activationVariance' | 'gradientVariance']: number | null
}

/** What becomes of a signal on its way through the layers. */
export interface Trend {
  readonly kind: 'keeps' | 'shrinks' | 'grows' | 'overflows'
  /** Geometric mean of the standard deviations, from one Linear layer to the next on the way; null: there is only one. */
  readonly factorPerLayer: number | null
}

export interface DepthTrends {
  /** From the input to the output. */
  readonly activations: Trend
  /** From the output to the input. */
  readonly gradients: Trend
}

/** A signal that is a thousandth or a thousandfold of itself at the other end trains badly there: as in the verdicts. */
const MOST = 1000

/** How the first weights pass on activations and gradients, judged at the Linear layers. */
export function depthTrends(figures: readonly DepthLayer[]): DepthTrends {
  const linear = figures.filter(({ type }) => type === 'Linear')
  const activations = linear.map(({ activationVariance }) => activationVariance)
  const gradients = linear.map(({ gradientVariance }) => gradientVariance).reverse()
  return { activations: trendOf(activations), gradients: trendOf(gradients) }
}

/** variances: in the order of the way. */
function trendOf(variances: readonly (number | null)[]): Trend {
  const known = variances.filter((variance) => variance !== null)
  if (known.length < variances.length || !known.every(Number.isFinite))
    return { kind: 'overflows', factorPerLayer: null }
  const [first = 1] = known
  const total = Math.sqrt((known.at(-1) ?? 1) / first)
  const factorPerLayer = known.length < 2 ? null : total ** (1 / (known.length - 1))
  if (factorPerLayer === null) return { kind: 'keeps', factorPerLayer }
  return { kind: total > MOST ? 'grows' : total < 1 / MOST ? 'shrinks' : 'keeps', factorPerLayer }
}
