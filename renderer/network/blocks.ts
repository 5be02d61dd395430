import { activationSchemas } from '#core/spec/activations'
import { layerSchema, type LayerSpec, type LayerType } from '#core/spec/layers'

/**
 * A Sequential as a person thinks of it: a Linear layer with the norm, the activation and the dropout that follow it.
 * What fits no such block stands alone (`linear` null). Indices point into the list of layers.
 */
export interface Block {
  readonly start: number
  /** One past the last layer. */
  readonly end: number
  readonly linear: number | null
  readonly norm: number | null
  readonly activation: number | null
  readonly dropout: number | null
}

type Slot = 'norm' | 'activation' | 'dropout'
type Layers = readonly LayerSpec[]

export const normTypes = ['BatchNorm1d', 'LayerNorm', 'RMSNorm'] as const
export const dropoutTypes = ['Dropout', 'AlphaDropout'] as const
export const activationTypes: readonly LayerType[] = Object.keys(activationSchemas).filter(
  (type): type is keyof typeof activationSchemas => type in activationSchemas,
)

export function blocksOf(layers: Layers): Block[] {
  const blocks: Block[] = []
  for (const [index, layer] of layers.entries()) {
    const slot = slotOf(layer.type)
    const last = blocks.at(-1)
    if (slot !== null && last !== undefined && last.linear !== null && last[slot] === null)
      blocks[blocks.length - 1] = { ...last, [slot]: index, end: index + 1 }
    else
      blocks.push({
        start: index,
        end: index + 1,
        linear: layer.type === 'Linear' ? index : null,
        norm: slot === 'norm' ? index : null,
        activation: slot === 'activation' ? index : null,
        dropout: slot === 'dropout' ? index : null,
      })
  }
  return blocks
}

/** Puts `part` into the block's slot, in the usual order Linear, norm, activation, dropout; null takes it out. */
export function setPart(
  layers: Layers,
  block: Block,
  slot: Slot,
  part: LayerSpec | null,
): LayerSpec[] {
  const present = block[slot]
  if (present !== null)
    return part === null ? layers.toSpliced(present, 1) : layers.with(present, part)
  if (part === null) return [...layers]
  const before: Record<Slot, readonly (number | null)[]> = {
    norm: [block.linear],
    activation: [block.norm, block.linear],
    dropout: [block.activation, block.norm, block.linear],
  }
  const after = before[slot].find((index) => index !== null) ?? block.end - 1
  return layers.toSpliced(after + 1, 0, part)
}

export function replaceLayer(layers: Layers, index: number, layer: LayerSpec): LayerSpec[] {
  return layers.with(index, layer)
}

/** A hidden block before block `at`, like the one before it (or 64 ReLU units). */
export function insertBlock(layers: Layers, at: number): LayerSpec[] {
  const blocks = blocksOf(layers)
  const model = blocks[at - 1]
  const alike = model !== undefined && model.linear !== null && model.activation !== null
  const fresh = alike
    ? layers.slice(model.start, model.end)
    : [layerOf('Linear', { outFeatures: 64 }), layerOf('ReLU')]
  return layers.toSpliced(blocks[at]?.start ?? layers.length, 0, ...fresh)
}

/** What a person may add; each but the first is a card of its own, or joins the card before it. */
export const addable = [
  'hidden',
  'residual',
  'BatchNorm1d',
  'LayerNorm',
  'RMSNorm',
  'Dropout',
  'AlphaDropout',
] as const
export type Addable = (typeof addable)[number]

/** Puts it before block `at`, where `width` features come in. A residual block starts as Linear, ReLU, Linear. */
export function insertLayer(layers: Layers, at: number, what: Addable, width: number): LayerSpec[] {
  if (what === 'hidden') return insertBlock(layers, at)
  const linear = { type: 'Linear', outFeatures: width }
  const fresh =
    what === 'residual'
      ? layerOf('Residual', { layers: [linear, { type: 'ReLU' }, linear] })
      : layerOf(what)
  return layers.toSpliced(blocksOf(layers)[at]?.start ?? layers.length, 0, fresh)
}

export function removeBlock(layers: Layers, at: number): LayerSpec[] {
  const block = blocksOf(layers)[at]
  return block === undefined ? [...layers] : layers.toSpliced(block.start, block.end - block.start)
}

export function duplicateBlock(layers: Layers, at: number): LayerSpec[] {
  const block = blocksOf(layers)[at]
  return block === undefined
    ? [...layers]
    : layers.toSpliced(block.end, 0, ...layers.slice(block.start, block.end))
}

export function moveBlock(layers: Layers, from: number, to: number): LayerSpec[] {
  const parts = blocksOf(layers).map(({ start, end }) => layers.slice(start, end))
  const moved = parts[from]
  if (moved === undefined || from === to || to < 0 || to >= parts.length) return [...layers]
  return parts.toSpliced(from, 1).toSpliced(to, 0, moved).flat()
}

/** A layer with torch's defaults; arguments that torch demands are given here. */
export function layerOf(type: LayerType, given: Readonly<Record<string, unknown>> = {}): LayerSpec {
  const demanded =
    type === 'Threshold' ? { threshold: 0, value: 0 } : type === 'Linear' ? { outFeatures: 64 } : {}
  return layerSchema.parse({ type, ...demanded, ...given })
}

function slotOf(type: LayerType): Slot | null {
  if (normTypes.some((norm) => norm === type)) return 'norm'
  if (dropoutTypes.some((dropout) => dropout === type)) return 'dropout'
  return type in activationSchemas ? 'activation' : null
}
