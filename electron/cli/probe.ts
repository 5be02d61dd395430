import { formatMachine } from '#core/machine/format-report'
import { probeMachine } from '../probe/probe'
import { EXIT, parseOptions, usageError, type Command, type Surface } from './command'

const help = `probe [--json]: says what this machine has: CPU, memory, GPUs, each value with its source.

  --json   one JSON object on stdout`

export const probeCommand: Command = { summary: 'shows CPU, memory and GPUs', help, run: probe }

async function probe(args: readonly string[], surface: Surface): Promise<number> {
  const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } })
  if (positionals.length > 0)
    throw usageError(`probe takes no arguments; found ${positionals.join(', ')}`)
  const report = await probeMachine()
  surface.print(values.json === true ? JSON.stringify(report) : formatMachine(report).trimEnd())
  return EXIT.done
}
