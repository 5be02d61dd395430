import { fileURLToPath } from 'node:url'
import { EXIT, parseOptions, usageError, wholeOption, type Command, type Surface } from './command'
import { openInBrowser } from './serve/open-in-browser'
import { startServer, type RunningServer } from './serve/server'
import { TrainerChild } from './serve/trainer-child'

const DEFAULT_PORT = 7717

const help = `serve [options]: opens the workbench in a browser, served from this machine; training runs in this machine.

  --port N      port (default ${DEFAULT_PORT}, or a free one where that is taken)
  --host H      address to listen on (default 127.0.0.1: this machine only; reach it from elsewhere through
                ssh -L ${DEFAULT_PORT}:127.0.0.1:${DEFAULT_PORT} this-machine)
  --runs DIR    where run folders are kept
  --threads N   threads of the CPU device (default: all processors but one)
  --open        opens the browser

The printed address holds a token; whoever has it can train here. Ctrl-C ends, with a checkpoint of the open run.`

const options = {
  port: { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  runs: { type: 'string' },
  threads: { type: 'string' },
  open: { type: 'boolean' },
} as const

export const serveCommand: Command = {
  summary: 'opens the workbench in a browser',
  help,
  run: serve,
}

async function serve(args: readonly string[], surface: Surface): Promise<number> {
  const { values, positionals } = parseOptions(args, options)
  if (positionals.length > 0)
    throw usageError(`serve takes no arguments; found ${positionals.join(', ')}`)
  const port = wholeOption('port', values.port, 0)
  if (port !== undefined && port > 65535) throw usageError('--port: allowed: up to 65535')
  wholeOption('threads', values.threads, 1)
  const env = {
    ...process.env,
    ...(values.runs !== undefined && { GRADIENT_WORKBENCH_RUNS: values.runs }),
    ...(values.threads !== undefined && { GRADIENT_WORKBENCH_THREADS: values.threads }),
  }
  const server = await listenSomewhere(values.host, port, surface, env)
  surface.print(`Gradient Workbench: ${server.url}`)
  if (values.open === true) openInBrowser(server.url, surface)
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  surface.tell('Ending ...')
  await server.close()
  return EXIT.cancelled
}

async function listenSomewhere(
  host: string,
  asked: number | undefined,
  surface: Surface,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RunningServer> {
  const start = (port: number): Promise<RunningServer> =>
    startServer({
      host,
      port,
      page: fileURLToPath(new URL('../renderer/', surface.bundle)),
      trainer: (windows) =>
        new TrainerChild({
          script: new URL('trainer.js', surface.bundle),
          env,
          onFrame: (client, frame) => {
            windows.deliver(client, frame)
          },
          onExit: (exit) => {
            windows.trainerEnded(exit)
          },
        }),
    })
  try {
    return await start(asked ?? DEFAULT_PORT)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    if (error.code === 'EADDRINUSE' && asked === undefined) return start(0)
    throw usageError(`serve cannot listen on ${host}: ${error.message}`)
  }
}
