import { parseOptions, usageError, type Command } from './command'
import { hostOptions } from './host'

const help = `predict ID IMAGE...: asks a run's last checkpoint which digit each image shows.
Images are PNG files of any size; they are cropped, scaled and centred as MNIST's were. An empty image has no digit.

  --best        the best checkpoint instead of the last
  --device D    auto, cpu or reference (default: the run's own)
  --threads N   threads of the CPU device
  --runs DIR    where run folders are kept
  --json        one JSON object a line on stdout`

const options = {
  ...hostOptions,
  best: { type: 'boolean' },
  device: { type: 'string' },
  json: { type: 'boolean' },
} as const

export const predictCommand: Command = {
  summary: 'reads digits from PNG files',
  help,
  run: predict,
}

function predict(args: readonly string[]): Promise<number> {
  const { positionals } = parseOptions(args, options)
  const [run, ...images] = positionals
  if (run === undefined || images.length === 0)
    throw usageError('predict takes the id of a run and at least one image')
  throw usageError('predict is not built yet')
}
