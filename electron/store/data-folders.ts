import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

const NAME = 'gradient-workbench'

export interface Surroundings {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
}

export function currentSurroundings(): Surroundings {
  return { platform: process.platform, env: process.env, home: homedir() }
}

/**
 * Where this person's workspace and runs are kept: the platform's folder for application data, the same for the
 * desktop, `serve` and the command line. GRADIENT_WORKBENCH_DATA names another one.
 */
export function dataFolder({ platform, env, home }: Surroundings): string {
  const chosen = env['GRADIENT_WORKBENCH_DATA']
  if (chosen !== undefined && chosen !== '') return resolve(chosen)
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), NAME)
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', NAME)
  const base = env['XDG_DATA_HOME']
  return join(base !== undefined && isAbsolute(base) ? base : join(home, '.local', 'share'), NAME)
}

/** `asked` (--runs), else GRADIENT_WORKBENCH_RUNS, else `runs` in the data folder. */
export function runsFolder(surroundings: Surroundings, asked?: string): string {
  const chosen = asked ?? surroundings.env['GRADIENT_WORKBENCH_RUNS']
  if (chosen !== undefined && chosen !== '') return resolve(chosen)
  return join(dataFolder(surroundings), 'runs')
}
