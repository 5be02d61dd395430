import { afterEach, describe, expect, it } from 'vitest'
import { belongsToTarget, commandFor, type KeyPress } from '../../../renderer/shell/keymap'

function press(key: string, held: Partial<KeyPress> = {}): KeyPress {
  return { key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held }
}

function element(html: string): Element {
  document.body.innerHTML = html
  const [first] = document.body.children
  if (first === undefined) throw new Error('no element')
  return first
}

afterEach(() => {
  document.body.innerHTML = ''
})

describe('keys', () => {
  it('mean what the sheet says', () => {
    expect(commandFor(press(' '))).toBe('toggleRun')
    expect(commandFor(press('s'))).toBe('step')
    expect(commandFor(press('S', { shiftKey: true }))).toBe('stepEpoch')
    expect(commandFor(press('Escape'))).toBe('stop')
    expect(commandFor(press('R', { shiftKey: true }))).toBe('resetNewSeed')
    expect(commandFor(press('Z', { ctrlKey: true, shiftKey: true }))).toBe('redo')
    expect(commandFor(press('z', { metaKey: true }))).toBe('undo')
    expect(commandFor(press('/', { ctrlKey: true }))).toBe('shortcuts')
    expect(commandFor(press('3', { ctrlKey: true }))).toBe('page3')
    expect(commandFor(press('q'))).toBeNull()
    expect(commandFor(press('s', { altKey: true }))).toBeNull()
  })

  it('belong to the field in which a person types', () => {
    const field = element('<input type="text">')
    for (const key of [' ', 's', 'R', 'Delete', 'Escape', '.'])
      expect(belongsToTarget(press(key), field)).toBe(true)
    expect(belongsToTarget(press('z', { ctrlKey: true }), field)).toBe(true)
    expect(belongsToTarget(press('k', { ctrlKey: true }), field)).toBe(false)
  })

  it('work the control that has the focus before they are commands', () => {
    const button = element('<button>x</button>')
    expect(belongsToTarget(press(' '), button)).toBe(true)
    expect(belongsToTarget(press('s'), button)).toBe(false)
  })

  it('are commands anywhere else', () => {
    expect(belongsToTarget(press(' '), element('<div></div>'))).toBe(false)
    expect(belongsToTarget(press(' '), null)).toBe(false)
  })
})
