/** What was drawn, as strokes, in units of a 280 x 280 sheet. Clearing is a stroke too, so that it can be undone. */
export interface Stroke {
  readonly tool: 'pen' | 'eraser'
  /** x0, y0, x1, y1, ... */
  readonly points: readonly number[]
}

export type Mark = Stroke | { readonly tool: 'clear' }
export type Drawing = readonly Mark[]

export const sheet = 280
/** About an eighth of a digit's height, as pens were in NIST's forms. */
export const penWidth = 24
export const eraserWidth = 40

export const blank: Drawing = []

export function begin(drawing: Drawing, tool: Stroke['tool'], x: number, y: number): Drawing {
  return [...drawing, { tool, points: [x, y] }]
}

/** Lengthens the last stroke; points closer than half a unit to the last are dropped. */
export function extend(drawing: Drawing, points: readonly number[]): Drawing {
  const last = drawing.at(-1)
  if (last === undefined || last.tool === 'clear') return drawing
  const kept = [...last.points]
  for (let i = 0; i + 1 < points.length; i += 2) {
    const x = points[i] ?? 0
    const y = points[i + 1] ?? 0
    const dx = x - (kept.at(-2) ?? 0)
    const dy = y - (kept.at(-1) ?? 0)
    if (dx * dx + dy * dy >= 0.25) kept.push(x, y)
  }
  return [...drawing.slice(0, -1), { ...last, points: kept }]
}

export function undoStroke(drawing: Drawing): Drawing {
  return drawing.slice(0, -1)
}

export function clear(drawing: Drawing): Drawing {
  return visible(drawing).length === 0 ? drawing : [...drawing, { tool: 'clear' }]
}

/** The strokes since the sheet was last cleared. */
export function visible(drawing: Drawing): Stroke[] {
  return drawing
    .slice(drawing.findLastIndex((mark) => mark.tool === 'clear') + 1)
    .filter((mark) => mark.tool !== 'clear')
}
