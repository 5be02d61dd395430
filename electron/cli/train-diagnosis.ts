import type { TrainerEvent } from '#core/contract/events'
import type { Dataset } from '#core/data/dataset'
import type { RunSpec } from '#core/spec/run-spec'
import { depthProfile } from '#core/training/depth-profile'
import { diverged, type RunState } from '#core/training/run-state'
import { keepFigures, type LayerFigures } from '#core/training/verdicts/evidence'
import { verdictsOf } from '#core/training/verdicts/verdicts-of'
import type { ActiveRun } from '../trainer/active-run'
import type { Surface } from './command'
import { describeVerdict } from './describe-verdict'
import { histogramText } from './histogram-text'
import { textTable } from './text-table'

/** Rare enough that a measured step, which is slower than the others, hardly shows in the time of an epoch. */
const DIAGNOSE_EVERY = 100
const PROFILE_IMAGES = 64

/** The spec with layer reports, at its own interval where it has one. */
export function withDiagnosis(spec: RunSpec): RunSpec {
  if (spec.training.diagnoseEvery > 0) return spec
  return { ...spec, training: { ...spec.training, diagnoseEvery: DIAGNOSE_EVERY } }
}

/** `train --diagnose`: the depth profile before the training, the layers at its end, and the verdict. */
export class Diagnosis {
  private readonly surface: Surface
  private readonly json: boolean
  private reports: readonly LayerFigures[] = []

  constructor(surface: Surface, json: boolean) {
    this.surface = surface
    this.json = json
  }

  /** Before the first step of a new run. */
  profile(spec: RunSpec, dataset: Dataset): void {
    const layers = depthProfile(spec, dataset, Math.min(PROFILE_IMAGES, dataset.train.count))
    if (this.json) {
      this.print({ type: 'depthProfile', layers })
      return
    }
    const rows = layers.map(({ layer, type, activationVariance, gradientVariance }) => [
      `${layer} ${type}`,
      activationVariance.toExponential(1),
      gradientVariance.toExponential(1),
    ])
    this.surface.tell(textTable(['before training', 'var(output)', 'var(gradient)'], rows))
  }

  event(event: TrainerEvent): void {
    if (event.type !== 'layers') return
    const { step, reports } = event
    this.reports = keepFigures(this.reports, { step, reports })
    if (this.json) this.print({ type: 'layers', step, reports })
  }

  /** The run has come to `state`. */
  conclude(run: ActiveRun, state: RunState): void {
    const { series, epochs } = run.snapshot()
    const verdicts = verdictsOf({
      spec: run.header.spec,
      reports: this.reports,
      losses: { ...series, length: series.losses.length },
      epochs,
      failure: diverged(state),
    })
    if (this.json) {
      if (verdicts.length === 0) this.print({ type: 'verdict', kind: 'none' })
      for (const verdict of verdicts) this.print({ type: 'verdict', ...verdict })
      return
    }
    const last = this.reports.at(-1)
    if (last !== undefined) this.surface.tell(layersTable(last))
    if (verdicts.length === 0) this.surface.tell('Nothing is wrong with the gradients.')
    for (const verdict of verdicts) this.surface.tell(describeVerdict(verdict))
  }

  private print(line: object): void {
    this.surface.print(JSON.stringify(line))
  }
}

function layersTable({ step, reports }: LayerFigures): string {
  const rows = reports.map((report) => [
    `${report.layer} ${report.type}`,
    report.gradientNorm?.toExponential(2) ?? '',
    report.updateRatio?.toExponential(2) ?? '',
    report.weightNorm?.toPrecision(3) ?? '',
    `${report.output.mean.toPrecision(3)} ± ${report.output.std.toPrecision(3)}`,
    histogramText(report.output.histogram),
    report.outputGradient.std.toExponential(1),
    histogramText(report.outputGradient.histogram),
    share(report.dead),
    share(report.saturated),
  ])
  const head = [
    ...[
      '|grad|',
      'update/weight',
      '|weight|',
      'output',
      'min to max',
      'std(gradient)',
      'min to max',
    ],
    ...['dead', 'saturated'],
  ]
  return textTable([`at step ${step}`, ...head], rows)
}

function share(value: number | null): string {
  return value === null ? '' : `${(100 * value).toFixed(1)} %`
}
