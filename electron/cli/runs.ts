import type { RunListing } from '#core/contract/answers'
import { EXIT, parseOptions, usageError, type Command, type Surface } from './command'
import { openStore } from './host'

const help = `runs [options]: lists the runs, newest first.

  --runs DIR   where run folders are kept
  --json       one JSON object a line on stdout`

const options = { runs: { type: 'string' }, json: { type: 'boolean' } } as const

export const runsCommand: Command = { summary: 'lists the runs', help, run: runs }

async function runs(args: readonly string[], surface: Surface): Promise<number> {
  const { values, positionals } = parseOptions(args, options)
  if (positionals.length > 0)
    throw usageError(`runs takes no arguments; found ${positionals.join(', ')}`)
  const store = openStore(values.runs, surface)
  const listings = await store.list()
  if (values.json === true)
    for (const listing of listings) surface.print(JSON.stringify({ type: 'run', ...listing }))
  else if (listings.length === 0) surface.tell(`No runs yet in ${store.folder}`)
  else for (const listing of listings) surface.print(describeRun(listing))
  return EXIT.done
}

function describeRun(run: RunListing): string {
  const accuracy =
    run.testAccuracy === null ? '' : `  test accuracy ${(100 * run.testAccuracy).toFixed(2)} %`
  const loss = run.lastLoss === null ? '' : `  loss ${run.lastLoss.toFixed(4)}`
  const resumable = run.resumable ? '  (can be resumed)' : ''
  return `${run.id}  ${run.status}  ${run.device}  epoch ${run.epochs}/${run.epochsAsked}${loss}${accuracy}${resumable}`
}
