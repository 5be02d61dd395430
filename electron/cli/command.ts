import { parseArgs, type ParseArgsConfig } from 'node:util'

/** Exit status of every command. */
export const EXIT = {
  done: 0,
  internal: 1,
  usage: 2,
  device: 3,
  diverged: 4,
  cancelled: 130,
} as const

/** Where a command finds the program and where it writes. */
export interface Surface {
  /** Folder of the built bundles. */
  readonly bundle: URL
  /** Folder of package.json. */
  readonly root: URL
  /** Results. */
  print(line: string): void
  /** Messages for people. */
  tell(line: string): void
}

export interface Command {
  readonly summary: string
  readonly help: string
  /** Returns the exit status. */
  run(args: readonly string[], surface: Surface): Promise<number>
}

/** Ends the command with `status` and one message. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export function usageError(message: string): CommandError {
  return new CommandError(EXIT.usage, message)
}

/** node:util's parseArgs, its errors turned into usage errors. */
export function parseOptions<T extends ParseArgsConfig['options']>(
  args: readonly string[],
  options: T,
): ReturnType<
  typeof parseArgs<{ options: T; args: string[]; allowPositionals: true; strict: true }>
> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error))
  }
}

/** A whole number >= `least`, or undefined where the option was not given. */
export function wholeOption(
  name: string,
  text: string | undefined,
  least: number,
): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < least) {
    throw usageError(`--${name}: found "${text}"; allowed: a whole number from ${least}`)
  }
  return value
}
