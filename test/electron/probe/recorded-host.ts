import { fail, ok } from '#core/tensor/result'
import type { Failure, Host, Runtime } from '../../../electron/probe/host'

/** A machine as its tools and files describe it, written down; played back to the whole probe. */
export interface RecordedMachine {
  readonly platform: 'linux' | 'win32' | 'darwin'
  /** By program name without path and extension. What is not listed is not installed. */
  readonly commands?: Readonly<Record<string, RecordedAnswer | ((args: string) => RecordedAnswer)>>
  /** By path; null is a file that may not be read. What is not listed does not exist. */
  readonly files?: Readonly<Record<string, string | Uint8Array | null>>
  readonly links?: Readonly<Record<string, string>>
  readonly runtime?: Partial<Runtime>
  /** Leaves by path ('gpus/0/name'); null is an unknown value, numbers hold within 1 %. */
  readonly expected: Readonly<Record<string, ExpectedLeaf>>
  /** How many cards must be found. */
  readonly gpus: number
}

export type ExpectedLeaf = string | number | boolean | null
/** The output, or an output with an exit status, or a failure to run. */
export type RecordedAnswer =
  string | { readonly stdout: string; readonly exitCode: number } | Failure

export function recordedHost(machine: RecordedMachine): Host {
  const files = machine.files ?? {}
  const missing = { reason: 'missing', detail: 'ENOENT' } as const
  const read = (path: string) => {
    const content = files[path]
    if (content === null) return fail({ reason: 'denied', detail: 'EACCES' } as const)
    return content === undefined ? fail(missing) : ok(content)
  }
  return {
    platform: machine.platform,
    run(command, args) {
      const name = command.replace(/^.*[\\/]/, '').replace(/\.exe$/, '')
      const recorded = machine.commands?.[name]
      if (recorded === undefined) return Promise.resolve(fail(missing))
      const answer = typeof recorded === 'function' ? recorded(args.join(' ')) : recorded
      if (typeof answer === 'string') return Promise.resolve(ok({ stdout: answer, exitCode: 0 }))
      return Promise.resolve('stdout' in answer ? ok(answer) : fail(answer))
    },
    readText(path) {
      const content = read(path)
      if (!content.ok || typeof content.value === 'string') {
        return Promise.resolve(content as Awaited<ReturnType<Host['readText']>>)
      }
      return Promise.resolve(ok(new TextDecoder().decode(content.value)))
    },
    readBytes(path) {
      const content = read(path)
      if (!content.ok) return Promise.resolve(content)
      const { value } = content
      return Promise.resolve(
        ok(typeof value === 'string' ? new TextEncoder().encode(value) : value),
      )
    },
    list(folder) {
      const below = Object.keys({ ...files, ...machine.links })
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1).split('/')[0] ?? '')
      return Promise.resolve([...new Set(below)].sort())
    },
    resolve: (path) => Promise.resolve(machine.links?.[path] ?? null),
    runtime: () => ({
      hostname: 'recorded',
      architecture: 'x64',
      kernel: '',
      osVersion: '',
      cpus: [],
      totalMemory: 0,
      freeMemory: 0,
      ...machine.runtime,
    }),
    disk: () => Promise.resolve(ok({ total: 512e9, free: 128e9 })),
  }
}
