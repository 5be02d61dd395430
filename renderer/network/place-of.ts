import type { LayerSpec } from '#core/spec/layers'
import { torchName } from '../kit/format'

/** What a problem is about, in the window's names: "2 Softmax", "weight". `lossLabel` is the word for the loss itself. */
export function placeOf(path: string, layers: readonly LayerSpec[], lossLabel: string): string {
  if (path === 'loss.type') return lossLabel
  const [room, , at] = path.split('.')
  const layer = room === 'model' ? layers[Number(at)] : undefined
  return layer === undefined ? torchName(path.split('.').at(-1) ?? '') : `${at} ${layer.type}`
}
