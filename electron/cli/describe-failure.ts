import type { FailureReason } from '#core/training/run-state'
import type { ActiveRun } from '../trainer/active-run'
import { EXIT } from './command'

const WHERE = {
  forward: 'in the forward pass',
  loss: 'in the loss',
  backward: 'in the backward pass',
  update: 'in the update of the weights',
} as const

/** What happened, what was done, what to do next. */
export function describeFailure(reason: FailureReason, run: ActiveRun): string {
  switch (reason.kind) {
    case 'diverged':
      return [
        `The training diverged at step ${reason.step + 1}: layer ${reason.layer} (${reason.layerType}) gave a value that is not a finite number, ${WHERE[reason.operation]}.`,
        `The run was ended; its last checkpoint is kept in ${run.path}.`,
        'Try a smaller learning rate, or clip the gradients: --set training.clipGradNorm=1',
      ].join('\n')
    case 'device':
      return `The device ${reason.device} was lost: ${reason.message}. Go on from the last checkpoint with: npm run -s cli -- train --resume ${run.path}`
    case 'error':
      return `The training failed: ${reason.message}. Its last checkpoint is kept in ${run.path}.`
  }
}

export function failureStatus(kind: FailureReason['kind']): number {
  switch (kind) {
    case 'diverged':
      return EXIT.diverged
    case 'device':
      return EXIT.device
    case 'error':
      return EXIT.internal
  }
}
