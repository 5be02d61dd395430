import { drawStrokes } from './rasterize'
import { sheet, type Stroke } from './strokes'

let surface: OffscreenCanvasRenderingContext2D | null = null

/** [sheet * sheet] ink between 0 (paper) and 1, anti-aliased as the canvas draws it. */
export function inkOf(strokes: readonly Stroke[]): Float32Array {
  const ink = new Float32Array(sheet * sheet)
  surface ??= new OffscreenCanvas(sheet, sheet).getContext('2d', { willReadFrequently: true })
  if (surface === null) return ink
  surface.clearRect(0, 0, sheet, sheet)
  drawStrokes(surface, strokes, '#000', 1)
  const { data } = surface.getImageData(0, 0, sheet, sheet)
  for (let i = 0; i < ink.length; i++) ink[i] = (data[4 * i + 3] ?? 0) / 255
  return ink
}
