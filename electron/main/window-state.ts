import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Rectangle } from 'electron'
import * as z from 'zod'

const windowStateSchema = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
  maximized: z.boolean(),
})

/** Where the window is when it is not maximized, and whether it is. */
export type WindowState = Readonly<z.infer<typeof windowStateSchema>>

/** So much of the title bar must lie on a display for a person to get hold of it. */
const GRIP = { width: 200, height: 40 }

/** What was kept, if it can be read and still lies on one of the displays. */
export function readWindowState(file: string, workAreas: readonly Rectangle[]): WindowState | null {
  try {
    const state = windowStateSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    return workAreas.some((area) => canBeGrabbed(state, area)) ? state : null
  } catch {
    return null
  }
}

/** At once and not later: the app may be about to end. */
export function writeWindowState(file: string, state: WindowState): void {
  const temporary = `${file}.tmp`
  writeFileSync(temporary, JSON.stringify(state))
  renameSync(temporary, file)
}

function canBeGrabbed({ x, y, width }: WindowState, area: Rectangle): boolean {
  const left = Math.max(x, area.x)
  const right = Math.min(x + width, area.x + area.width)
  return right - left >= GRIP.width && y >= area.y && y + GRIP.height <= area.y + area.height
}
