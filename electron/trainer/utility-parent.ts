/** The parts of Electron's MessagePortMain that are used in the trainer process. */
export interface UtilityPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
  start(): void
  close(): void
}

/** The line from a utility process to main. */
export interface UtilityParent {
  postMessage(message: unknown): void
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly UtilityPort[] }) => void,
  ): void
}

/** The parent port, if this is a utility process of Electron. */
export function utilityParent(): UtilityParent | null {
  // Electron sets process.parentPort in utility processes and nowhere else.
  const { parentPort } = process as { parentPort?: UtilityParent }
  return parentPort ?? null
}
