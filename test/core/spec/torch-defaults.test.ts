import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { activationSchemas } from '#core/spec/activations'
import { biasInitSchema, initSchema } from '#core/spec/init'
import { layerSchema } from '#core/spec/layers'
import { lossSchema } from '#core/spec/losses'
import { optimizerSchema } from '#core/spec/optimizers'
import { schedulerSchema } from '#core/spec/schedulers'
import { averagingSchema, trainingSchema } from '#core/spec/training'
import { readGolden } from '../../golden'

/** [name, default], or [name] where there is none, in snake_case. */
type Argument = readonly [name: string, value?: unknown]
type Signatures = Readonly<Record<string, readonly Argument[]>>

const golden = readGolden('defaults') as Readonly<Record<string, Signatures>>

/** Arguments of torch that the run spec leaves out, and why. `*` stands for every class. */
const leftOut: Readonly<Record<string, string>> = {
  '*.foreach': 'no numeric meaning: how torch loops over tensors',
  '*.fused': 'no numeric meaning: one kernel for the whole step',
  '*.capturable': 'no numeric meaning: for CUDA graphs',
  '*.differentiable': 'for gradients of the step itself, which no training here asks for',
  '*.last_epoch': 'where a resumed run stands; the checkpoint knows',
  '*.inplace': 'no numeric meaning: where the result is kept',
  '*.device': 'the run has one device for everything',
  '*.dtype': 'the backend has one type for everything',
  '*.generator': 'the run has one generator, seeded by training.seed',
  '*.size_average': 'deprecated by torch for reduction',
  '*.reduce': 'deprecated by torch for reduction',
  '*.in_features': 'inferred from the layer before',
  '*.num_features': 'inferred from the layer before',
  '*.normalized_shape': 'inferred from the layer before',
  'Hardtanh.min_value': 'deprecated by torch for min_val',
  'Hardtanh.max_value': 'deprecated by torch for max_val',
  'CyclicLR.scale_fn': 'a function; specs hold no code. The three modes are there',
  'CyclicLR.scale_mode': 'counts for scale_fn only',
  'OneCycleLR.epochs': 'the run knows its epochs: totalSteps null is all its steps',
  'OneCycleLR.steps_per_epoch': 'the run knows its batches: totalSteps null is all its steps',
  'AveragedModel.avg_fn': 'a function; averaging.type chooses torch’s own two',
  'AveragedModel.multi_avg_fn': 'a function; averaging.type chooses torch’s own two',
  'AveragedModel.use_buffers': 'running statistics are made anew, as swa_utils.update_bn does',
  'clip_grad_norm_.norm_type': 'the 2-norm, torch’s default',
  'clip_grad_norm_.error_if_nonfinite': 'a run stops at numbers that are not finite anyway',
}

/** Arguments of the run spec that torch has elsewhere or not at all. */
const ours: Readonly<Record<string, string>> = {
  '*.paramGroups': 'torch takes groups in the place of the parameters',
  'Muon.others': 'torch leaves the vectors to a second optimizer of the caller',
  'ReduceLROnPlateau.monitor': 'the metric that torch’s caller passes to step()',
  'GaussianNLLLoss.variance': 'an input in torch; an MLP of one output a class predicts none',
  'Linear.init': 'torch.nn.init is called on the layer afterwards',
}

/** Defaults that differ. */
const otherDefaults: Readonly<Record<string, unknown>> = {
  // Left out, torch warns and chooses by the number of dimensions: 1 for rows of features.
  'Softmax.dim': 1,
  'LogSoftmax.dim': 1,
  'Softmin.dim': 1,
}

/** Classes of torch that are not offered, and why. */
const notOffered: Readonly<Record<string, string>> = {
  SparseAdam: 'for sparse gradients',
  MultiheadAttention: 'works on sequences',
  Softmax2d: 'works on images',
  dirac_: 'for weights of convolutions',
  CTCLoss: 'compares sequences',
  CosineEmbeddingLoss: 'compares pairs of inputs',
  HingeEmbeddingLoss: 'measures distances of pairs of inputs',
  MarginRankingLoss: 'ranks pairs of inputs',
  TripletMarginLoss: 'compares three inputs',
  TripletMarginWithDistanceLoss: 'compares three inputs',
  SoftMarginLoss: 'for labels of +1 and -1',
  MultiLabelMarginLoss: 'for lists of classes per image',
  MultiLabelSoftMarginLoss: 'the mean over classes of BCEWithLogitsLoss',
  LinearCrossEntropyLoss: 'a Linear layer and CrossEntropyLoss in one, to save memory',
}

const notInTorch = ['Lion', 'Residual']

const layersOf = (schemas: readonly z.ZodObject[], group: string) =>
  byType(schemas).filter(([type]) => type in (golden[group] ?? {}))

const table: readonly (readonly [group: string, offered: readonly Offered[]])[] = [
  ['optimizers', byType(optimizerSchema.options)],
  ['schedulers', byType(schedulerSchema.unwrap().options)],
  ['activations', byType(Object.values(activationSchemas))],
  ['layers', layersOf(layerSchema.options, 'layers')],
  ['losses', byType(lossSchema.options)],
  ['init', byType(initSchema.options)],
]

type Offered = readonly [type: string, schema: z.ZodObject]

function byType(schemas: readonly z.ZodObject[]): Offered[] {
  return schemas.map((schema) => {
    const { type } = schema.shape
    return [type instanceof z.ZodLiteral ? String(type.value) : '', schema]
  })
}

/** T_max -> tMax */
function camelCase(name: string): string {
  return name
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase())
    .replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

const used = new Set<string>()

/** Whether a list holds the argument, for this class or for all. */
function listed(list: Readonly<Record<string, unknown>>, type: string, name: string): boolean {
  const found = [`${type}.${name}`, `*.${name}`].find((key) => key in list)
  if (found !== undefined) used.add(found)
  return found !== undefined
}

const NONE = 'must be given'

function torchDefaults(group: string, type: string): Record<string, unknown> {
  const all = golden[group]?.[type] ?? []
  const kept = all.filter(([name]) => !listed(leftOut, type, name))
  return Object.fromEntries(
    kept.map(([name, ...value]) => {
      const key = `${type}.${name}`
      const usual: unknown = value.length === 0 ? NONE : value[0]
      return [camelCase(name), listed(otherDefaults, type, name) ? otherDefaults[key] : usual]
    }),
  )
}

function ownDefaults(type: string, { shape }: z.ZodObject): Record<string, unknown> {
  const fields = Object.entries(shape).filter(
    ([name]) => name !== 'type' && !listed(ours, type, name),
  )
  return Object.fromEntries(
    fields.map(([name, field]) => {
      const parsed = z.safeParse(field, undefined)
      return [name, parsed.success ? parsed.data : NONE]
    }),
  )
}

describe.each(table)('every one of torch’s %s', (group, offered) => {
  const torch = Object.keys(golden[group] ?? {})

  it('is offered, or listed with the reason why not', () => {
    const names = offered.map(([type]) => type).filter((type) => !notInTorch.includes(type))
    const missing = torch.filter((type) => type in notOffered)
    expect([...names, ...missing].sort()).toEqual(torch.sort())
  })

  it.each(offered.filter(([type]) => torch.includes(type)))(
    '%s has the arguments and defaults of torch',
    (type, schema) => {
      expect(ownDefaults(type, schema)).toEqual(torchDefaults(group, type))
    },
  )
})

it('the inits of a bias have the defaults that the inits of a weight have', () => {
  for (const [type, schema] of byType(biasInitSchema.options))
    expect(ownDefaults(type, schema), type).toEqual(torchDefaults('init', type))
})

it('averages and clipping have the arguments and defaults of torch', () => {
  const [swa, ema] = averagingSchema.options
  const { swaLr, ...anneal } = torchDefaults('schedulers', 'SWALR')
  expect(swaLr).toBe(NONE)
  // null: the scheduler goes on as it is.
  expect(ownDefaults('SWA', swa)).toEqual({ startEpoch: NONE, swaLr: null, ...anneal })
  expect(ownDefaults('EMA', ema)).toEqual(torchDefaults('averaging', 'get_ema_multi_avg_fn'))
  expect(torchDefaults('averaging', 'AveragedModel')).toEqual({})
  expect(torchDefaults('clipping', 'clip_grad_norm_')).toEqual({ maxNorm: NONE })
  expect(torchDefaults('clipping', 'clip_grad_value_')).toEqual({ clipValue: NONE })
  expect(trainingSchema.parse({})).toMatchObject({ clipGradNorm: null, clipGradValue: null })
})

it('no list of exceptions names what torch and the run spec do not have', () => {
  const listedKeys = [leftOut, ours, otherDefaults].flatMap((list) => Object.keys(list))
  expect([...used].sort()).toEqual(listedKeys.sort())
  const names = Object.values(golden).flatMap((group) => Object.keys(group))
  expect(Object.keys(notOffered).filter((name) => !names.includes(name))).toEqual([])
})
