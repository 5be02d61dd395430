import { fail, ok, type Result } from '#core/tensor/result'
import type { SpecIssue } from './issue'
import { errorAt } from './issue-at'
import type { LayerSpec, LayerType, ModelSpec } from './layers'

/** One layer with what follows from its place. */
export interface InferredLayer {
  /** As state_dict names it: "0", inside a block "3.1". */
  readonly path: string
  readonly type: LayerType
  readonly inFeatures: number
  readonly outFeatures: number
  /** Trained numbers; for a block those of its layers. */
  readonly parameters: number
}

export interface InferredModel {
  /** Every layer, blocks before their contents. */
  readonly layers: readonly InferredLayer[]
  readonly outFeatures: number
  readonly parameters: number
}

/** Above this a model with its gradients and Adam's averages fills 2 GiB in float32. */
const MOST_PARAMETERS = 2 ** 27

/** Follows the widths through the model. Every layer that does not fit is reported, at its field. */
export function inferShapes(model: ModelSpec): Result<InferredModel, readonly SpecIssue[]> {
  const issues: SpecIssue[] = []
  const { layers, width, parameters } = inferList(model.layers, model.inFeatures, '', issues)
  if (issues.length === 0 && parameters > MOST_PARAMETERS)
    issues.push(
      errorAt('model.layers', 'tooManyParameters', { limit: MOST_PARAMETERS, found: parameters }),
    )
  return issues.length === 0 ? ok({ layers, outFeatures: width, parameters }) : fail(issues)
}

interface InferredList {
  readonly layers: InferredLayer[]
  readonly width: number
  readonly parameters: number
}

function inferList(
  specs: readonly LayerSpec[],
  inFeatures: number,
  parent: string,
  issues: SpecIssue[],
): InferredList {
  const layers: InferredLayer[] = []
  let width = inFeatures
  let parameters = 0
  specs.forEach((spec, i) => {
    const path = parent === '' ? String(i) : `${parent}.${i}`
    const inside =
      spec.type === 'Residual'
        ? inferList(spec.layers, width, path, issues)
        : { layers: [], width: outFeaturesOf(spec, width), parameters: parametersOf(spec, width) }
    const misfit = misfitOf(spec, path, width, inside.width)
    if (misfit !== null) issues.push(misfit)
    const outFeatures = spec.type === 'Residual' ? width : inside.width
    layers.push(
      { path, type: spec.type, inFeatures: width, outFeatures, parameters: inside.parameters },
      ...inside.layers,
    )
    width = outFeatures
    parameters += inside.parameters
  })
  return { layers, width, parameters }
}

/** "3.1" and "outFeatures" -> "model.layers.3.layers.1.outFeatures" */
export function fieldOf(layerPath: string, field: string): string {
  const place = `model.layers.${layerPath.split('.').join('.layers.')}`
  return field === '' ? place : `${place}.${field}`
}

function outFeaturesOf(spec: LayerSpec, inFeatures: number): number {
  if (spec.type === 'Linear') return spec.outFeatures
  if (spec.type === 'GLU') return Math.ceil(inFeatures / 2)
  return inFeatures
}

function parametersOf(spec: LayerSpec, inFeatures: number): number {
  if (spec.type === 'Linear') return spec.outFeatures * (inFeatures + (spec.bias ? 1 : 0))
  if (spec.type === 'BatchNorm1d') return spec.affine ? (spec.bias ? 2 : 1) * inFeatures : 0
  if (spec.type === 'LayerNorm')
    return spec.elementwiseAffine ? (spec.bias ? 2 : 1) * inFeatures : 0
  if (spec.type === 'RMSNorm') return spec.elementwiseAffine ? inFeatures : 0
  if (spec.type === 'PReLU') return spec.numParameters
  return 0
}

/** What is wrong with the width that comes in or goes out. */
function misfitOf(
  spec: LayerSpec,
  path: string,
  width: number,
  outFeatures: number,
): SpecIssue | null {
  if (spec.type === 'GLU' && width % 2 !== 0)
    return errorAt(fieldOf(path, ''), 'gluWidth', { found: width })
  if (spec.type === 'PReLU' && spec.numParameters !== 1 && spec.numParameters !== width) {
    const values = { width, found: spec.numParameters }
    return errorAt(fieldOf(path, 'numParameters'), 'preluWidth', values)
  }
  if (spec.type === 'Residual' && outFeatures !== width)
    return errorAt(fieldOf(path, 'layers'), 'residualWidth', { width, found: outFeatures })
  return null
}
