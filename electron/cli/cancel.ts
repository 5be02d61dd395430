import type { RunState } from '#core/training/run-state'
import type { ActiveRun } from '../trainer/active-run'
import { EXIT, type Surface } from './command'

/** npm passes a terminal's Ctrl-C on as a second signal; signals this close together are one key. */
const SAME_KEY_MILLISECONDS = 400

/** Runs `work`; Ctrl-C (or SIGTERM) stops the run with a checkpoint, a second one ends the process at once. */
export async function cancellable(
  run: ActiveRun,
  surface: Surface,
  work: () => Promise<RunState>,
): Promise<RunState> {
  let first: number | null = null
  const cancel = (): void => {
    if (first === null) {
      first = performance.now()
      surface.tell('\nStopping: writing a checkpoint (Ctrl-C again ends at once) ...')
      // A failure to stop shows in the state that `work` resolves to.
      run.trainer.stop().catch(() => undefined)
    } else if (performance.now() - first > SAME_KEY_MILLISECONDS) process.exit(EXIT.cancelled)
  }
  process.on('SIGINT', cancel)
  process.on('SIGTERM', cancel)
  try {
    return await work()
  } finally {
    process.off('SIGINT', cancel)
    process.off('SIGTERM', cancel)
  }
}
