import { eraserWidth, penWidth, type Stroke } from './strokes'

type Sheet = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** Draws the strokes with round ends in `ink`, in units of the sheet scaled by `scale`. */
export function drawStrokes(
  sheet: Sheet,
  strokes: readonly Stroke[],
  ink: string,
  scale: number,
): void {
  sheet.save()
  sheet.scale(scale, scale)
  sheet.lineCap = 'round'
  sheet.lineJoin = 'round'
  sheet.strokeStyle = ink
  for (const { tool, points } of strokes) {
    sheet.globalCompositeOperation = tool === 'pen' ? 'source-over' : 'destination-out'
    sheet.lineWidth = tool === 'pen' ? penWidth : eraserWidth
    sheet.beginPath()
    sheet.moveTo(points[0] ?? 0, points[1] ?? 0)
    // A dot is a line to where it began.
    if (points.length === 2) sheet.lineTo(points[0] ?? 0, points[1] ?? 0)
    for (let i = 2; i + 1 < points.length; i += 2) sheet.lineTo(points[i] ?? 0, points[i + 1] ?? 0)
    sheet.stroke()
  }
  sheet.restore()
}
