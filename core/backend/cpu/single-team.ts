import type { Team } from './program'
import type { WasmFunction } from './wasm/runtime'

/** The caller's thread alone. */
export function singleTeam(kernels: Readonly<Record<string, WasmFunction>>): Team {
  return {
    threads: 1,
    prepare([calls = []]) {
      const prepared = calls.map(({ kernel, operands }) => bindCall(kernels, kernel, operands))
      return () => {
        for (const call of prepared) call()
      }
    },
    dispose: () => undefined,
  }
}

export function bindCall(
  kernels: Readonly<Record<string, WasmFunction>>,
  name: string,
  operands: readonly number[],
): () => void {
  const kernel = kernels[name]
  if (kernel === undefined) throw new RangeError(`there is no kernel ${name}`)
  const [a = 0, b = 0, c = 0, d = 0, e = 0, g = 0] = operands
  return () => {
    kernel(a, b, c, d, e, g)
  }
}
