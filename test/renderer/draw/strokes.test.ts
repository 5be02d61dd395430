import { describe, expect, it } from 'vitest'
import { begin, blank, clear, extend, undoStroke, visible } from '../../../renderer/draw/strokes'

describe('the drawing', () => {
  const one = extend(begin(blank, 'pen', 10, 10), [20, 20, 30, 30])
  const two = begin(one, 'eraser', 5, 5)

  it('keeps every point of a stroke, and none twice', () => {
    expect(visible(extend(one, [30, 30, 30.1, 30.1, 40, 40]))[0]?.points).toEqual([
      10, 10, 20, 20, 30, 30, 40, 40,
    ])
  })

  it('undoes stroke by stroke', () => {
    expect(visible(undoStroke(two))).toEqual(visible(one))
    expect(undoStroke(undoStroke(two))).toEqual([])
  })

  it('brings back what was cleared', () => {
    const cleared = clear(two)
    expect(visible(cleared)).toEqual([])
    expect(visible(undoStroke(cleared))).toEqual(visible(two))
  })

  it('has nothing to clear when it is blank, and draws on after a clear', () => {
    expect(clear(blank)).toBe(blank)
    expect(visible(begin(clear(two), 'pen', 1, 2))).toEqual([{ tool: 'pen', points: [1, 2] }])
  })
})
