import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { edit, historyOf, redo, undo } from '../../../renderer/workspace/history'

describe('history', () => {
  it('undoes and redoes in order', () => {
    const history = edit(edit(historyOf('a'), 'b'), 'c')
    expect(undo(history).present).toBe('b')
    expect(undo(undo(history)).present).toBe('a')
    expect(redo(undo(history)).present).toBe('c')
  })

  it('forgets what was undone when something else is done', () => {
    const history = edit(undo(edit(historyOf('a'), 'b')), 'x')
    expect(redo(history).present).toBe('x')
    expect(undo(history).present).toBe('a')
  })

  it('undoes edits of one field in a row together, and apart after another field', () => {
    const held = edit(edit(edit(historyOf(1), 2, 'lr'), 3, 'lr'), 4, 'lr')
    expect(undo(held).present).toBe(1)
    const mixed = edit(edit(edit(historyOf(1), 2, 'lr'), 3, 'eps'), 4, 'lr')
    expect(undo(mixed).present).toBe(3)
  })

  it('does not merge an edit with one that was undone', () => {
    const history = edit(undo(edit(historyOf(1), 2, 'lr')), 3, 'lr')
    expect(undo(history).present).toBe(1)
  })

  it('stays where it is at both ends', () => {
    const history = historyOf('a')
    expect(undo(history)).toBe(history)
    expect(redo(history)).toBe(history)
  })

  it('comes back to the last state by redoing as often as it was undone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 30 }),
        fc.nat(40),
        (values, back) => {
          const history = values.reduce(
            (done, value, i) => edit(done, `${i}:${value}`),
            historyOf(''),
          )
          let moved = history
          for (let i = 0; i < back; i++) moved = undo(moved)
          for (let i = 0; i < back; i++) moved = redo(moved)
          expect(moved.present).toBe(history.present)
        },
      ),
    )
  })
})
