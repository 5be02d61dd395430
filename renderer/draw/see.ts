import { prepareDrawing } from '#core/data/drawing'
import { inkOf } from './ink'
import { sheet, type Stroke } from './strokes'

/** What the net sees of a drawing: 784 grey levels, or null where there is no ink. */
export function see(strokes: readonly Stroke[]): Uint8Array | null {
  if (strokes.length === 0) return null
  const prepared = prepareDrawing({ values: inkOf(strokes), width: sheet, height: sheet })
  return prepared.kind === 'empty' ? null : prepared.image28
}
