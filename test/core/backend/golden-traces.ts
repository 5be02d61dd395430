import { readGolden } from '../../golden'
import type { Digest } from './trace'

interface Numbers {
  readonly losses: readonly number[]
  readonly final: Readonly<Record<string, Digest>>
  readonly averaged?: Readonly<Record<string, Digest>>
}

interface Drifts {
  readonly float32WeightDrift: number
  readonly float32NudgeWeightDrift?: number
  readonly float64NudgeWeightDrift?: number
  readonly bfloat16Drift?: number
  readonly bfloat16WeightDrift?: number
  readonly 'passes1e-5At': number | null
  readonly 'passes1e-9At'?: number | null
}

interface Case extends Drifts {
  readonly name: string
  readonly steps: number
  readonly spec: { readonly optimizer: { readonly type: string } }
}

interface Cases<T> {
  readonly cases: readonly T[]
}

export type Precision = 'float32' | 'float64'

/** A run of PyTorch's, and how closely another program can be asked to follow it (test/golden/README.md). */
export interface GoldenTrace {
  readonly name: string
  /** Options of optimizers, losses and activations, on a small net. */
  readonly ofOptions: boolean
  readonly steps: number
  readonly spec: unknown
  readonly expected: Numbers
  readonly lossTolerance: number
  /** Steps whose losses are compared. */
  readonly comparableSteps: number
  /** Relative to the root mean square of each tensor; null: nothing can be asked. */
  readonly weightTolerance: number | null
}

/**
 * Three nets with every optimizer, every scheduler, every option of optimizers, losses and activations, and the trainings with
 * norms, clipping, groups and averages.
 */
export function goldenTraces(precision: Precision): readonly GoldenTrace[] {
  const optimizers = readGolden(`traces-${precision}`) as Cases<Case & Numbers>
  const schedulers = readGolden('schedulers-traces') as Cases<Case & Record<Precision, Numbers>>
  const options = readGolden('options') as Cases<Case & Record<Precision, Numbers>>
  const layers = readGolden('layers') as {
    readonly training: readonly (Case & Record<Precision, Numbers>)[]
  }
  return [
    ...optimizers.cases.map((run) => traceOf(run, run, precision)),
    ...[...schedulers.cases, ...layers.training].map((run) =>
      traceOf(run, run[precision], precision),
    ),
    ...options.cases.map((run) => ({
      ...traceOf(run, run[precision], precision),
      ofOptions: true,
    })),
  ]
}

function traceOf(run: Case, expected: Numbers, precision: Precision): GoldenTrace {
  const { name, steps, spec } = run
  const single = precision === 'float32'
  const parts = (single ? run['passes1e-5At'] : run['passes1e-9At']) ?? null
  const muon = run.bfloat16Drift !== undefined
  const drift = single
    ? Math.max(run.float32WeightDrift, run.float32NudgeWeightDrift ?? 0)
    : (run.float64NudgeWeightDrift ?? 0)
  return {
    name,
    ofOptions: false,
    steps,
    spec,
    expected,
    lossTolerance: muon
      ? Math.max(1e-5, 4 * (run.bfloat16Drift ?? 0))
      : single
        ? 1e-5
        : closest(spec.optimizer.type).losses,
    // The loss of the first step comes before any update.
    comparableSteps: muon || parts === null ? steps : Math.max(1, parts - 1),
    weightTolerance: muon
      ? Math.max(4 * (run.bfloat16WeightDrift ?? 0), 1e-4)
      : parts !== null
        ? null
        : Math.max(single ? 1e-4 : closest(spec.optimizer.type).weights, 10 * drift),
  }
}

/**
 * PyTorch keeps mu_product (NAdam), eta and mu (ASGD) in float32, also beside float64 weights; the reference does not.
 * L-BFGS divides by differences of gradients, which at a loss of 1e-7 are mostly rounding of another order of summation.
 */
function closest(optimizer: string): { readonly losses: number; readonly weights: number } {
  if (optimizer === 'NAdam' || optimizer === 'ASGD') return { losses: 1e-8, weights: 1e-7 }
  return { losses: 1e-9, weights: optimizer === 'LBFGS' ? 1e-8 : 1e-9 }
}
