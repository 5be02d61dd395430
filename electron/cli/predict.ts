import type { Session } from '#core/backend/backend'
import { EXIT, parseOptions, usageError, type Command, type Surface } from './command'
import { findRun, hostOptions } from './host'
import { openTrained } from './open-trained'
import { readDrawing } from './read-drawing'

const help = `predict ID IMAGE...: asks a run's last checkpoint which digit each image shows.
Images are PNG files of any size; they are cropped, scaled and centred as MNIST's were. An empty image has no digit.

  --best        the best checkpoint instead of the last
  --device D    auto, cpu or reference (default: the run's own)
  --threads N   threads of the CPU device (default: all processors)
  --runs DIR    where run folders are kept
  --json        one JSON object a line on stdout`

const options = {
  ...hostOptions,
  best: { type: 'boolean' },
  device: { type: 'string' },
  json: { type: 'boolean' },
} as const

interface Reading {
  readonly digit: number | null
  readonly probabilities: readonly number[]
}

export const predictCommand: Command = {
  summary: 'reads digits from PNG files',
  help,
  run: predict,
}

async function predict(args: readonly string[], surface: Surface): Promise<number> {
  const { values, positionals } = parseOptions(args, options)
  const [run, ...images] = positionals
  if (run === undefined || images.length === 0)
    throw usageError('predict takes the id of a run and at least one image')
  const drawings = await Promise.all(images.map(readDrawing))
  const { store, id } = findRun(run, values.runs, surface)
  const trained = await openTrained(store, id, values, surface)
  try {
    for (const [index, image] of images.entries()) {
      const { digit, probabilities } = await read(trained.session, drawings[index] ?? null)
      if (values.json === true)
        surface.print(JSON.stringify({ type: 'prediction', image, digit, probabilities }))
      else surface.print(`${image}: ${describeReading({ digit, probabilities })}`)
    }
    return EXIT.done
  } finally {
    await trained.close()
  }
}

/** An empty image says nothing: no digit, and each as likely as any other. */
async function read(session: Session, drawing: Uint8Array | null): Promise<Reading> {
  if (drawing === null) return { digit: null, probabilities: Array<number>(10).fill(0.1) }
  const prediction = await session.predict({ pixels: drawing, count: 1, activations: false })
  const probabilities = [...prediction.probabilities]
  return { digit: probabilities.indexOf(Math.max(...probabilities)), probabilities }
}

function describeReading({ digit, probabilities }: Reading): string {
  if (digit === null) return 'empty, no digit'
  return `${digit} (${(100 * (probabilities[digit] ?? 0)).toFixed(1)} %)`
}
