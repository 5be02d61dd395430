/** Entry of the command line: `cli <command> [arguments]`. */
import { CommandError, EXIT, type Command, type Surface } from './command'

/** Each command is loaded when it is called: `train` need not wait for the code of `serve`. */
const commands: Record<string, () => Promise<Command>> = {
  train: async () => (await import('./train')).trainCommand,
  validate: async () => (await import('./validate')).validateCommand,
  'range-test': async () => (await import('./range-test')).rangeTestCommand,
  evaluate: async () => (await import('./evaluate')).evaluateCommand,
  predict: async () => (await import('./predict')).predictCommand,
  runs: async () => (await import('./runs')).runsCommand,
  probe: async () => (await import('./probe')).probeCommand,
  serve: async () => (await import('./serve')).serveCommand,
  export: async () => (await import('./later')).exportCommand,
  bench: async () => (await import('./bench')).benchCommand,
}

// Nobody reads any more (`train --json | head`): end as with Ctrl-C.
let heard = true
process.stdout.on('error', () => {
  if (heard) process.kill(process.pid, 'SIGTERM')
  heard = false
})

const surface: Surface = {
  bundle: new URL('./', import.meta.url),
  root: new URL('../../', import.meta.url),
  print: (line) => {
    if (heard) process.stdout.write(`${line}\n`)
  },
  tell: (line) => {
    process.stderr.write(`${line}\n`)
  },
}

process.exitCode = await main(process.argv.slice(2))
// Engine threads and sockets are closed by now; nothing may keep a finished command alive.
process.stdout.write('', () => process.exit())

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    surface.tell(await overview())
    return name === undefined ? EXIT.usage : EXIT.done
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load === undefined) {
    surface.tell(`There is no command "${name}".\n\n${await overview()}`)
    return EXIT.usage
  }
  const command = await load()
  if (args.includes('--help') || args.includes('-h')) {
    surface.tell(command.help)
    return EXIT.done
  }
  try {
    return await command.run(args, surface)
  } catch (error) {
    if (error instanceof CommandError) {
      surface.tell(error.message)
      if (error.status === EXIT.usage) surface.tell(`See: npm run -s cli -- ${name} --help`)
      return error.status
    }
    surface.tell(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return EXIT.internal
  }
}

async function overview(): Promise<string> {
  const lines = await Promise.all(
    Object.entries(commands).map(
      async ([name, load]) => `  ${name.padEnd(12)}${(await load()).summary}`,
    ),
  )
  return [
    'Gradient Workbench: experiments with multilayer perceptrons, in PyTorch’s words.',
    '',
    'npm run -s cli -- <command> [arguments]',
    '',
    ...lines,
    '',
    'Each command explains itself: npm run -s cli -- train --help',
    'Exit status: 0 done, 1 internal error, 2 bad spec or arguments, 3 device unavailable,',
    '4 diverged (NaN or infinity), 130 cancelled (after writing a checkpoint).',
  ].join('\n')
}
