import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from 'electron'
import { dataFolder, type Surroundings } from '../store/data-folders'

/** Where a person chose a data folder (GRADIENT_WORKBENCH_DATA), the window's own data goes there as well. */
export function followDataFolder(app: App, surroundings: Surroundings): void {
  if ((surroundings.env['GRADIENT_WORKBENCH_DATA'] ?? '') === '') return
  const folder = join(dataFolder(surroundings), 'desktop')
  mkdirSync(folder, { recursive: true })
  app.setPath('userData', folder)
}
