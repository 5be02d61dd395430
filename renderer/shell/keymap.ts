export type CommandId =
  | 'toggleRun'
  | 'step'
  | 'stepEpoch'
  | 'stop'
  | 'reset'
  | 'resetNewSeed'
  | 'undo'
  | 'redo'
  | 'save'
  | 'open'
  | 'palette'
  | 'shortcuts'
  | 'page1'
  | 'page2'
  | 'page3'
  | 'page4'
  | 'page5'
  | 'page6'
  | 'remove'
  | 'rename'

/** The part of a KeyboardEvent that decides. */
export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/** How each command is written in menus and sheets. */
export const shortcuts: Readonly<Record<CommandId, string>> = {
  toggleRun: 'Space',
  step: 'S',
  stepEpoch: 'Shift+S',
  stop: 'Esc',
  reset: 'R',
  resetNewSeed: 'Shift+R',
  undo: 'Ctrl+Z',
  redo: 'Ctrl+Shift+Z',
  save: 'Ctrl+S',
  open: 'Ctrl+O',
  palette: 'Ctrl+K',
  shortcuts: 'Ctrl+/',
  page1: 'Ctrl+1',
  page2: 'Ctrl+2',
  page3: 'Ctrl+3',
  page4: 'Ctrl+4',
  page5: 'Ctrl+5',
  page6: 'Ctrl+6',
  remove: 'Del',
  rename: 'F2',
}

const commandOfChord: ReadonlyMap<string, CommandId> = new Map([
  ...Object.entries(shortcuts).map(
    // Verified boundary: the keys of `shortcuts` are command ids.
    ([id, chord]) => [chord.toLowerCase(), id as CommandId] as const,
  ),
  ['ctrl+y', 'redo'],
  ['.', 'step'],
  ['shift+>', 'stepEpoch'],
  ['backspace', 'remove'],
])

const spelled: Readonly<Record<string, string>> = { ' ': 'space', Escape: 'esc', Delete: 'del' }

/** Cmd counts as Ctrl. */
export function commandFor(press: KeyPress): CommandId | null {
  if (press.altKey) return null
  const chord = [
    ...(press.ctrlKey || press.metaKey ? ['ctrl'] : []),
    ...(press.shiftKey ? ['shift'] : []),
    (spelled[press.key] ?? press.key).toLowerCase(),
  ].join('+')
  return commandOfChord.get(chord) ?? null
}

/**
 * Whether a press belongs to what has the focus: everything typed in a field, and the keys that work a control.
 * Ctrl chords other than those of text editing stay commands even while typing.
 */
export function belongsToTarget(press: KeyPress, target: Element | null): boolean {
  if (target === null) return false
  const control = press.ctrlKey || press.metaKey
  if (target.closest('input:not([type=range]), textarea, [contenteditable=true]') !== null)
    return !control || ['z', 'y', 'a', 'c', 'v', 'x'].includes(press.key.toLowerCase())
  if (control) return false
  const worked = target.closest(
    'button, a[href], [role=option], [role=switch], [role=slider], [role=radio], summary, input',
  )
  return worked !== null && (press.key === ' ' || press.key === 'Enter')
}
