import { fieldOf } from '#core/spec/infer'
import type { InitSpec } from '#core/spec/init'
import type { LayerType, ModelSpec } from '#core/spec/layers'
import type { Remedy } from './verdict'
import { linearLayers, type PlacedLinear } from './walk-layers'

/** Glorot & Bengio 2010: for activations that are steepest at 0 and level off on both sides. */
const xavier: InitSpec = { type: 'xavier_normal_', gain: 1 }
/** He et al. 2015: for those that pass the positive half. */
const kaiming: InitSpec = {
  type: 'kaiming_normal_',
  a: 0,
  mode: 'fan_in',
  nonlinearity: 'relu',
}
/** Klambauer et al. 2017: variance 1 / fan in, for SELU. */
const lecun: InitSpec = { ...kaiming, nonlinearity: 'linear' }

const levelling: readonly LayerType[] = [
  'Sigmoid',
  'Tanh',
  'Softsign',
  'Hardtanh',
  'Hardsigmoid',
  'LogSigmoid',
  'Tanhshrink',
  'GLU',
]

/** The init that keeps the variance through each layer; nothing where the model has it. */
export function fitInit(model: ModelSpec): readonly Remedy[] {
  const fixes = linearLayers(model).flatMap((layer) => {
    const weight = fittingInit(layer)
    if (JSON.stringify(layer.spec.init?.weight ?? null) === JSON.stringify(weight)) return []
    const value = weight === null ? null : { weight, bias: null }
    return [{ kind: 'set', path: fieldOf(layer.path, 'init'), value } as const]
  })
  return fixes.length === 0 ? [] : [{ kind: 'fitInit', value: null, fixes }]
}

/** null, nn.Linear's own, for layers that no activation follows. */
function fittingInit({ activation }: PlacedLinear): InitSpec | null {
  const type = activation?.spec.type
  if (type === undefined) return null
  if (type === 'SELU') return lecun
  return levelling.includes(type) ? xavier : kaiming
}
