import type { TrainerEvent } from '#core/contract/events'
import type { Surface } from './command'
import { describeNotice } from './train-progress'
import { epochOfStep, trainingSeconds, type TrainOutput } from './train-output'

type Steps = Extract<TrainerEvent, { type: 'steps' }>

/** One JSON object a line: step (each `every` steps), epoch, done. */
export function jsonOutput(surface: Surface, every: number): TrainOutput {
  const line = (value: object): void => {
    surface.print(JSON.stringify(value))
  }

  function steps({ firstStep, losses, lrs, progress }: Steps): void {
    losses.forEach((loss, index) => {
      const step = firstStep + index
      if (step % every !== 0) return
      line({ type: 'step', step, epoch: epochOfStep(step, progress), loss, lr: lrs[index] ?? 0 })
    })
  }

  return {
    opened: ({ path, header }) => {
      surface.tell(`Training on ${header.device} (${header.deviceReason}), run folder ${path}`)
    },
    event: (event) => {
      if (event.type === 'steps') steps(event)
      if (event.type === 'notice' && event.notice.kind === 'device-changed')
        surface.tell(describeNotice(event.notice))
      if (event.type !== 'epoch') return
      const { epoch, trainLoss, trainAccuracy, valLoss, valAccuracy, seconds, imagesPerSecond } =
        event.record
      line({
        type: 'epoch',
        epoch,
        trainLoss,
        trainAccuracy,
        ...(valLoss !== undefined && { valLoss }),
        ...(valAccuracy !== undefined && { valAccuracy }),
        seconds,
        imagesPerSecond,
      })
    },
    finished: (run) => {
      const snapshot = run.snapshot()
      line({
        type: 'done',
        run: run.path,
        device: run.header.device,
        testLoss: snapshot.test?.testLoss ?? null,
        testAccuracy: snapshot.test?.testAccuracy ?? null,
        seconds: trainingSeconds(snapshot),
      })
    },
  }
}
