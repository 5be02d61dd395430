import type { EngineImage } from './engine'
import { part, type Team } from './program'
import { memory as memoryCode } from './wasm/instructions'
import { ModuleBuilder } from './wasm/module-builder'
import { compile, createMemory, PAGE_BYTES } from './wasm/runtime'

/** Of each of the two buffers: well above the caches of usual processors. */
const BYTES = 128 * 2 ** 20
const CONTROL_BYTES = PAGE_BYTES
const REPEATS = 3
/** Of one measurement; a clock of whole milliseconds is little of it. */
const MILLISECONDS = 60

/** Bytes a second of copying one buffer into another, every thread its part, reads and writes counted; the best of several. */
export async function cpuCopyRate(
  threads: number,
  makeTeam: (image: EngineImage) => Promise<Team>,
): Promise<number> {
  const builder = new ModuleBuilder()
  const f = builder.function(['i32', 'i32', 'i32'], 'copy')
  const [to, from, bytes] = [f.parameter(0), f.parameter(1), f.parameter(2)]
  f.emit(memoryCode.copy(to.get, from.get, bytes.get))
  const pages = (CONTROL_BYTES + 2 * BYTES) / PAGE_BYTES
  const shared = threads > 1
  const memory = createMemory(pages, shared)
  const module = compile(builder.build({ pages, shared }))
  const team = await makeTeam({ memory, module, control: 0, controlBytes: CONTROL_BYTES })
  try {
    const step = team.prepare(
      Array.from({ length: threads }, (_, thread) => {
        const [begin, end] = part(BYTES, { thread, threads, rows: 0 }, PAGE_BYTES)
        const source = CONTROL_BYTES + begin
        return [{ kernel: 'copy', operands: [source + BYTES, source, end - begin] }]
      }),
    )
    // Pages that were never written are all the same page of zeros.
    new Uint8Array(memory.buffer, CONTROL_BYTES).fill(1)
    const seconds = (passes: number): number => {
      const begun = Date.now()
      for (let i = 0; i < passes; i++) step()
      return (Date.now() - begun) / 1000
    }
    seconds(1)
    const passes = Math.max(1, Math.ceil(MILLISECONDS / 1000 / Math.max(seconds(1), 1e-3)))
    const best = Math.min(...Array.from({ length: REPEATS }, () => seconds(passes) / passes))
    return (2 * BYTES) / best
  } finally {
    team.dispose()
  }
}
