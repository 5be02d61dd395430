import { formatMachine } from '#core/machine/format-report'
import { applyOverrides } from '#core/machine/override'
import { probeMachine, startProbe } from '../probe/probe'
import { currentSurroundings, dataFolder, runsFolder } from '../store/data-folders'
import { CorrectionsFile } from '../trainer/corrections-file'
import { Adapters } from '../trainer/gpu/adapters'
import { nodeGpuHost } from '../trainer/gpu/node-gpu-host'
import { tilePath } from '../trainer/gpu/tile-file'
import { EXIT, parseOptions, usageError, type Command, type Surface } from './command'

const help = `probe [--json] [--plain] [--patient]: says what this machine has: CPU, memory, GPUs, each value with its source.

  --json     one JSON object on stdout
  --plain    without the corrections that were made on the Machine page
  --patient  waits up to 15 s for tools that do not answer within a second`

export const probeCommand: Command = { summary: 'shows CPU, memory and GPUs', help, run: probe }

async function probe(args: readonly string[], surface: Surface): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    json: { type: 'boolean' },
    plain: { type: 'boolean' },
    patient: { type: 'boolean' },
  })
  if (positionals.length > 0)
    throw usageError(`probe takes no arguments; found ${positionals.join(', ')}`)
  const surroundings = currentSurroundings()
  const folder = dataFolder(surroundings)
  const engineScript = new URL('engine.js', surface.bundle)
  const adapters = new Adapters(nodeGpuHost({ engineScript, tiles: tilePath(folder) }))
  const options = { webgpu: () => adapters.reports(), diskPath: runsFolder(surroundings) }
  const patient = values.patient === true
  const found = await (patient ? startProbe(options).whole : probeMachine(options))
  const overrides = values.plain === true ? [] : await new CorrectionsFile(folder).load()
  const report = applyOverrides(found, overrides)
  surface.print(values.json === true ? JSON.stringify(report) : formatMachine(report).trimEnd())
  return EXIT.done
}
