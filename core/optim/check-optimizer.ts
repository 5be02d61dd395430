import { inferShapes } from '#core/spec/infer'
import type { SpecIssue } from '#core/spec/issue'
import { errorAt, warningAt } from '#core/spec/issue-at'
import type { LayerSpec } from '#core/spec/layers'
import { optimizerSchema, type OptimizerSpec, type ParamGroupSpec } from '#core/spec/optimizers'
import type { RunSpec } from '#core/spec/run-spec'
import { hasMiniBatches } from './run-length'

export function checkOptimizer(spec: RunSpec): readonly SpecIssue[] {
  return [...checkBatch(spec), ...checkDropout(spec), ...checkRate(spec), ...checkGroups(spec)]
}

const needsFullBatch: Partial<Record<OptimizerSpec['type'], string>> = {
  Rprop:
    'Rprop compares the signs of two gradients in a row, which with mini-batches differ by chance',
  LBFGS: 'LBFGS measures curvature between two gradients, which with mini-batches is mostly noise',
}

function checkBatch(spec: RunSpec): SpecIssue[] {
  const reason = needsFullBatch[spec.optimizer.type]
  if (reason === undefined || !hasMiniBatches(spec)) return []
  const path = 'training.batchSize'
  const sentence = `${reason}: set the batch size to "full"`
  return [warningAt(path, sentence, { kind: 'set', path, value: 'full' })]
}

function checkDropout({ optimizer, model }: RunSpec): SpecIssue[] {
  if (optimizer.type !== 'LBFGS') return []
  const index = model.layers.findIndex(hasDropout)
  const layer = model.layers[index]
  if (layer === undefined) return []
  const path = `model.layers.${index}`
  const sentence =
    'LBFGS evaluates the same loss several times a step and compares the values, dropout changes it at random: remove the layer, or choose another optimizer'
  return [
    layer.type === 'Residual' || model.layers.length === 1
      ? errorAt(path, sentence)
      : errorAt(path, sentence, { kind: 'removeLayer', index }),
  ]
}

function hasDropout(layer: LayerSpec): boolean {
  if (layer.type === 'Residual') return layer.layers.some(hasDropout)
  return (layer.type === 'Dropout' || layer.type === 'AlphaDropout') && layer.p > 0
}

/** CyclicLR and OneCycleLR bring rates of their own. */
function checkRate({ optimizer, scheduler }: RunSpec): SpecIssue[] {
  if (optimizer.lr > 0 || scheduler?.type === 'CyclicLR' || scheduler?.type === 'OneCycleLR') {
    return []
  }
  const path = 'optimizer.lr'
  const usual = optimizerSchema.parse({ type: optimizer.type }).lr
  const sentence = `a learning rate of 0 changes no weight; torch's default for ${optimizer.type} is ${usual}`
  return [warningAt(path, sentence, { kind: 'set', path, value: usual })]
}

function checkGroups(spec: RunSpec): SpecIssue[] {
  const { optimizer } = spec
  const own = groupIssues(spec, optimizer.paramGroups, 'optimizer.paramGroups')
  if (optimizer.type !== 'Muon') return own
  const misplaced = optimizer.paramGroups.findIndex(({ match }) => match.kind === 'biasesAndNorms')
  const others = groupIssues(spec, optimizer.others.paramGroups, 'optimizer.others.paramGroups')
  if (misplaced === -1) return [...own, ...others]
  const sentence =
    'Muon updates weight matrices only, so this override matches nothing: move it to optimizer.others.paramGroups'
  return [...own, ...others, warningAt(`optimizer.paramGroups.${misplaced}`, sentence)]
}

function groupIssues(
  { model }: RunSpec,
  groups: readonly ParamGroupSpec[],
  path: string,
): SpecIssue[] {
  const inferred = inferShapes(model)
  if (!inferred.ok) return []
  const trained = inferred.value.layers
    .filter(({ path: layer, parameters }) => !layer.includes('.') && parameters > 0)
    .map((layer) => layer.path)
  return groups.flatMap(({ match }, i) => {
    if (match.kind !== 'layer' || trained.includes(String(match.layer))) return []
    const sentence = `layer ${match.layer} has nothing to train; layers that have: ${trained.join(', ')}`
    return [errorAt(`${path}.${i}.match.layer`, sentence)]
  })
}
