import { readFile } from 'node:fs/promises'
import type { StateTensor } from '#core/backend/backend'
import { deviceSchema, type DeviceRequest } from '#core/spec/run-spec'
import type { Result } from '#core/tensor/result'
import type { RunState } from '#core/training/run-state'
import { decodeWeights } from '../store/model-file'
import type { ActiveRun, RunRefusal } from '../trainer/active-run'
import { specWarnings } from '../trainer/check-spec'
import { reopenRun, startRun } from '../trainer/open-run'
import { cancellable } from './cancel'
import {
  CommandError,
  EXIT,
  parseOptions,
  usageError,
  wholeOption,
  type Command,
  type Surface,
} from './command'
import { describeSpecIssue } from './describe-fix'
import { describeFailure, failureStatus } from './describe-failure'
import { findRun, hostOptions, openHost, openStore } from './host'
import { readSpec } from './read-spec'
import { Diagnosis, withDiagnosis } from './train-diagnosis'
import { jsonOutput } from './train-json'
import type { TrainOutput } from './train-output'
import { personOutput } from './train-progress'

const help = `train [SPEC.json | PRESET] [options]: trains a model on MNIST. Without a spec: the preset "starter".

  --set path=value   changes the spec: --set training.epochs=5 --set optimizer.type=SGD --set optimizer.lr=0.1
                     (a new type drops the fields of the old one)
  --device D         auto, cpu, webgpu or reference
  --threads N        threads of the CPU device (default: all processors)
  --runs DIR         where run folders are kept (else GRADIENT_WORKBENCH_RUNS, else your data folder)
  --init W           starts from the weights in W.safetensors
  --resume ID        goes on with a run (its id or folder) from its last checkpoint
  --log-every N      reports every N steps (default 100)
  --diagnose         looks into the layers every 100 steps (or as training.diagnoseEvery says) and tells at the end
                     what it saw, what is wrong and what to do
  --json             one JSON object a line on stdout: step, epoch, done; with --diagnose also depthProfile, layers
                     and verdict

Ctrl-C writes a checkpoint and ends with status 130; pressed again it ends at once.`

const options = {
  ...hostOptions,
  set: { type: 'string', multiple: true },
  device: { type: 'string' },
  init: { type: 'string' },
  resume: { type: 'string' },
  'log-every': { type: 'string' },
  diagnose: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

export const trainCommand: Command = { summary: 'trains a model', help, run: train }

async function train(args: readonly string[], surface: Surface): Promise<number> {
  const { values, positionals } = parseOptions(args, options)
  if (positionals.length > 1)
    throw usageError(`One spec at a time; found ${positionals.join(', ')}`)
  const every = wholeOption('log-every', values['log-every'], 1) ?? null
  const output =
    values.json === true ? jsonOutput(surface, every ?? 100) : personOutput(surface, every)
  const diagnosis = values.diagnose === true ? new Diagnosis(surface, values.json === true) : null
  const prepare = values.resume === undefined ? prepareNew : prepareResumed
  const run = await prepare({ ...values, source: positionals[0] }, surface, output, diagnosis)
  try {
    output.opened(run)
    const state = await cancellable(run, surface, () => run.trainer.run())
    diagnosis?.conclude(run, state)
    return conclude(run, state, output, surface)
  } finally {
    await run.close()
  }
}

type Wish = ReturnType<typeof parseOptions<typeof options>>['values'] & {
  readonly source: string | undefined
}

async function prepareNew(
  wish: Wish,
  surface: Surface,
  output: TrainOutput,
  diagnosis: Diagnosis | null,
): Promise<ActiveRun> {
  const asked = await readSpec(wish.source, wish.set ?? [], wish.device)
  const spec = diagnosis === null ? asked : withDiagnosis(asked)
  const initial = wish.init === undefined ? undefined : await readWeights(wish.init)
  const host = await openHost(openStore(wish.runs, surface), wish.threads, surface, (event) => {
    output.event(event)
    diagnosis?.event(event)
  })
  for (const issue of specWarnings(spec, host.dataset))
    surface.tell(`Warning: ${describeSpecIssue(issue)}`)
  const run = opened(await startRun(host, spec, initial))
  diagnosis?.profile(spec, host.dataset)
  return run
}

async function prepareResumed(
  wish: Wish,
  surface: Surface,
  output: TrainOutput,
  diagnosis: Diagnosis | null,
): Promise<ActiveRun> {
  for (const name of ['source', 'set', 'init'] as const) {
    if (wish[name] === undefined) continue
    throw usageError(
      `A resumed run keeps its spec: leave out ${name === 'source' ? 'the spec' : `--${name}`}`,
    )
  }
  const { store, id } = findRun(wish.resume ?? '', wish.runs, surface)
  const listing = await store.read(id)
  if (!listing.ok) throw usageError(listing.error)
  if (listing.value.listing.status === 'finished') {
    throw usageError(`Run "${id}" has finished: there is nothing to resume`)
  }
  const host = await openHost(store, wish.threads, surface, (event) => {
    output.event(event)
    diagnosis?.event(event)
  })
  return opened(await reopenRun(host, id, askedDevice(wish.device)))
}

function askedDevice(device: string | undefined): DeviceRequest | undefined {
  if (device === undefined) return undefined
  const asked = deviceSchema.safeParse(device)
  if (asked.success) return asked.data
  throw usageError(`--device: found "${device}"; allowed: ${deviceSchema.options.join(', ')}`)
}

function opened(run: Result<ActiveRun, RunRefusal>): ActiveRun {
  if (run.ok) return run.value
  throw new CommandError(run.error.kind === 'device' ? EXIT.device : EXIT.usage, run.error.message)
}

async function readWeights(path: string): Promise<ReadonlyMap<string, StateTensor>> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (error) {
    throw usageError(`--init: ${error instanceof Error ? error.message : String(error)}`)
  }
  const weights = decodeWeights(bytes)
  if (!weights.ok) throw usageError(`--init ${path}: ${weights.error}`)
  return weights.value
}

function conclude(run: ActiveRun, state: RunState, output: TrainOutput, surface: Surface): number {
  switch (state.phase) {
    case 'finished':
      output.finished(run)
      return EXIT.done
    case 'failed':
      surface.tell(describeFailure(state.reason, run))
      return failureStatus(state.reason.kind)
    case 'stopped':
      surface.tell(
        `Stopped at step ${run.trainer.progress.step}, checkpoint written. Go on with: npm run -s cli -- train --resume ${run.path}`,
      )
      return EXIT.cancelled
    case 'idle':
    case 'running':
    case 'paused':
      throw new Error(`A training that was not interrupted came back ${state.phase}`)
  }
}
