import { arch, cpus, hostname, release, totalmem, type } from 'node:os'
import type { DeviceName } from '#core/backend/backend'

/** environment.json: on what and with what a run was made. */
export interface Environment {
  readonly started: string
  readonly host: string
  readonly system: string
  readonly cpu: string
  readonly threads: number
  readonly memoryBytes: number
  readonly node: string
  readonly electron: string | null
  readonly workbench: string
  readonly device: DeviceName
  readonly deviceReason: string
  /** What runs the arithmetic: "WebAssembly relaxed SIMD, 2 threads". */
  readonly backend: string
  readonly dataset: { readonly name: string; readonly hash: string }
  readonly parameters: number
}

export type EnvironmentAsked = Pick<
  Environment,
  'workbench' | 'device' | 'deviceReason' | 'backend' | 'dataset' | 'parameters'
>

export function describeEnvironment(asked: EnvironmentAsked, now: Date): Environment {
  const processors = cpus()
  const versions: Readonly<Record<string, string | undefined>> = process.versions
  return {
    started: now.toISOString(),
    host: hostname(),
    system: `${type()} ${release()} ${arch()}`,
    cpu: processors[0]?.model.trim() ?? 'unknown',
    threads: processors.length,
    memoryBytes: totalmem(),
    node: process.versions.node,
    electron: versions['electron'] ?? null,
    ...asked,
  }
}
