import { Cursor } from '#core/training/cursor'
import { Mt19937 } from '#core/tensor/mt19937'
import { EXIT, parseOptions, usageError, type Command, type Surface } from './command'
import { describeEvaluation } from './describe-evaluation'
import { findRun, hostOptions } from './host'
import { openTrained } from './open-trained'

const help = `evaluate ID [options]: loss, accuracy and confusion matrix of a run's last checkpoint.

  --split S     test (default), train or val
  --best        the best checkpoint instead of the last
  --device D    auto, cpu or reference (default: the run's own)
  --threads N   threads of the CPU device (default: all processors)
  --runs DIR    where run folders are kept
  --json        one JSON object on stdout`

const options = {
  ...hostOptions,
  split: { type: 'string', default: 'test' },
  best: { type: 'boolean' },
  device: { type: 'string' },
  json: { type: 'boolean' },
} as const

export const evaluateCommand: Command = { summary: 'measures a trained model', help, run: evaluate }

async function evaluate(args: readonly string[], surface: Surface): Promise<number> {
  const { values, positionals } = parseOptions(args, options)
  const [run] = positionals
  if (run === undefined || positionals.length > 1)
    throw usageError('evaluate takes the id of one run')
  const { split } = values
  if (split !== 'test' && split !== 'train' && split !== 'val')
    throw usageError(`--split: found "${split}"; allowed: test, train, val`)
  const { store, id } = findRun(run, values.runs, surface)
  const trained = await openTrained(store, id, values, surface)
  try {
    const { spec } = trained
    const cursor = new Cursor(spec, new Mt19937(spec.training.seed))
    if (split === 'val' && cursor.val.length === 0)
      throw usageError(`Run "${id}" has no validation images (dataset.valSize is 0)`)
    const evaluation = await trained.session.evaluate({
      set: split === 'test' ? 'test' : 'train',
      indices: split === 'test' ? null : split === 'train' ? cursor.train : cursor.val,
      averaged: trained.averaged,
    })
    const result = describeEvaluation(store.pathOf(id), split, evaluation)
    if (values.json === true) surface.print(JSON.stringify(result.json))
    else for (const line of result.lines) surface.print(line)
    return EXIT.done
  } finally {
    await trained.close()
  }
}
