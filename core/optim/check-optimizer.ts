import { inferShapes } from '#core/spec/infer'
import type { SpecIssue } from '#core/spec/issue'
import { errorAt, warningAt } from '#core/spec/issue-at'
import type { LayerSpec, LayerType } from '#core/spec/layers'
import { optimizerSchema, type OptimizerSpec, type ParamGroupSpec } from '#core/spec/optimizers'
import type { RunSpec } from '#core/spec/run-spec'
import { hasMiniBatches } from './run-length'

export function checkOptimizer(spec: RunSpec): readonly SpecIssue[] {
  return [...checkBatch(spec), ...checkChance(spec), ...checkRate(spec), ...checkGroups(spec)]
}

const needsFullBatch: Partial<Record<OptimizerSpec['type'], 'rpropBatches' | 'lbfgsBatches'>> = {
  Rprop: 'rpropBatches',
  LBFGS: 'lbfgsBatches',
}

function checkBatch(spec: RunSpec): SpecIssue[] {
  const reason = needsFullBatch[spec.optimizer.type]
  if (reason === undefined || !hasMiniBatches(spec)) return []
  const path = 'training.batchSize'
  return [warningAt(path, reason, {}, { kind: 'set', path, value: 'full' })]
}

/** Dropout, and RReLU's slopes, differ from one evaluation to the next. */
function checkChance({ optimizer, model }: RunSpec): SpecIssue[] {
  if (optimizer.type !== 'LBFGS') return []
  const chances = model.layers.map(chanceIn)
  const index = chances.findIndex((type) => type !== null)
  const layer = chances[index]
  if (layer === undefined || layer === null) return []
  const path = `model.layers.${index}`
  const fixed = model.layers[index]?.type !== 'Residual' && model.layers.length > 1
  const fix = fixed ? ({ kind: 'removeLayer', index } as const) : undefined
  return [errorAt(path, 'lbfgsDropout', { layer }, fix)]
}

/** The type of the first layer in this one that draws numbers in training. */
function chanceIn(layer: LayerSpec): LayerType | null {
  if (layer.type === 'Residual')
    return layer.layers.map(chanceIn).find((type) => type !== null) ?? null
  const draws =
    layer.type === 'RReLU'
      ? layer.lower < layer.upper
      : (layer.type === 'Dropout' || layer.type === 'AlphaDropout') && layer.p > 0
  return draws ? layer.type : null
}

/** CyclicLR and OneCycleLR bring rates of their own. */
function checkRate({ optimizer, scheduler }: RunSpec): SpecIssue[] {
  if (optimizer.lr > 0 || scheduler?.type === 'CyclicLR' || scheduler?.type === 'OneCycleLR') {
    return []
  }
  const path = 'optimizer.lr'
  const usual = optimizerSchema.parse({ type: optimizer.type }).lr
  const values = { optimizer: optimizer.type, usual }
  return [warningAt(path, 'zeroRate', values, { kind: 'set', path, value: usual })]
}

function checkGroups(spec: RunSpec): SpecIssue[] {
  const { optimizer } = spec
  const own = groupIssues(spec, optimizer.paramGroups, 'optimizer.paramGroups')
  if (optimizer.type !== 'Muon') return own
  const misplaced = optimizer.paramGroups.findIndex(({ match }) => match.kind === 'biasesAndNorms')
  const others = groupIssues(spec, optimizer.others.paramGroups, 'optimizer.others.paramGroups')
  if (misplaced === -1) return [...own, ...others]
  return [...own, ...others, warningAt(`optimizer.paramGroups.${misplaced}`, 'muonGroup', {})]
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
    const values = { layer: match.layer, layers: trained.join(', ') }
    return [errorAt(`${path}.${i}.match.layer`, 'groupLayer', values)]
  })
}
