import type { TrainerEvent } from '#core/contract/events'
import type { Notice } from '#core/training/notice'
import type { EpochRecord, RunProgress } from '#core/training/run-state'
import type { Surface } from './command'
import { epochOfStep, trainingSeconds, type TrainOutput } from './train-output'

type Steps = Extract<TrainerEvent, { type: 'steps' }>

const BAR_CELLS = 20
const REDRAW_MILLISECONDS = 100
const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** On stderr: a bar that moves where it is a terminal, else one line an epoch (and every `every` steps, if asked). */
export function personOutput(surface: Surface, every: number | null): TrainOutput {
  const terminal = process.stderr.isTTY
  let drawn = -Infinity

  const tell = (text: string): void => {
    if (terminal) process.stderr.write('\r\x1b[K')
    surface.tell(text)
  }
  const draw = (text: string): void => {
    if (!terminal || performance.now() - drawn < REDRAW_MILLISECONDS) return
    drawn = performance.now()
    const width = process.stderr.columns - 1
    process.stderr.write(`\r\x1b[K${text.slice(0, width)}`)
  }
  const steps = ({ firstStep, losses, lrs, progress }: Steps): void => {
    if (every !== null)
      losses.forEach((loss, index) => {
        const step = firstStep + index
        if (step % every !== 0) return
        const lr = (lrs[index] ?? 0).toPrecision(3)
        tell(
          `epoch ${epochOfStep(step, progress)}  step ${step}  loss ${loss.toFixed(4)}  lr ${lr}`,
        )
      })
    draw(describeProgress(progress, losses.at(-1)))
  }

  return {
    opened: ({ header, path }) => {
      tell(
        `${header.spec.name}: ${number.format(header.parameters)} parameters on ${header.device} (${header.deviceReason})`,
      )
      tell(`run folder ${path}`)
    },
    event: (event) => {
      if (event.type === 'steps') steps(event)
      if (event.type === 'epoch') tell(describeEpoch(event.record))
      if (event.type === 'notice') tell(describeNotice(event.notice))
    },
    finished: (run) => {
      const snapshot = run.snapshot()
      const { test } = snapshot
      const seconds = trainingSeconds(snapshot).toFixed(1)
      if (test !== null)
        tell(
          `test accuracy ${percent(test.testAccuracy)}, test loss ${test.testLoss.toFixed(4)}, trained for ${seconds} s`,
        )
      tell(`run ${run.path}`)
    },
  }
}

function describeProgress(progress: RunProgress, loss: number | undefined): string {
  const { epoch, epochs, batch, batches, imagesPerSecond, secondsLeft } = progress
  const filled = Math.round((BAR_CELLS * batch) / batches)
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled)
  const parts = [`epoch ${Math.min(epoch + 1, epochs)}/${epochs} ${bar} batch ${batch}/${batches}`]
  if (imagesPerSecond !== null) parts.push(`${number.format(imagesPerSecond)} images/s`)
  if (secondsLeft !== null) parts.push(`ETA ${clock(secondsLeft)}`)
  if (loss !== undefined) parts.push(`loss ${loss.toFixed(4)}`)
  return parts.join(' · ')
}

function describeEpoch(record: EpochRecord): string {
  const { epoch, trainLoss, trainAccuracy, valLoss, valAccuracy, seconds, imagesPerSecond } = record
  const validation =
    valLoss === undefined || valAccuracy === undefined
      ? ''
      : `  validation ${valLoss.toFixed(4)} ${percent(valAccuracy)}`
  return `epoch ${epoch}  loss ${trainLoss.toFixed(4)}  accuracy ${percent(trainAccuracy)}${validation}  ${seconds.toFixed(2)} s  ${number.format(imagesPerSecond)} images/s`
}

export function describeNotice(notice: Notice): string {
  switch (notice.kind) {
    case 'device-changed':
      return describeLoss(notice)
    case 'early-stopping':
      return `Stopped early after epoch ${notice.epoch}: ${notice.monitor} was best in epoch ${notice.bestEpoch}`
    case 'checkpoint-failed':
      return `A checkpoint could not be written: ${notice.reason}. The training goes on.`
    case 'resumed':
      return `Resumed after step ${notice.step}`
  }
}

function describeLoss({
  from,
  to,
  step,
  lostAt,
  reason,
}: Extract<Notice, { kind: 'device-changed' }>): string {
  const place = from === to ? `a new ${to} device` : to
  const again = lostAt > step ? `, and takes steps ${step + 1} to ${lostAt} again` : ''
  return `The device ${from} was lost after step ${lostAt} (${reason}). The training goes on from step ${step} on ${place}${again}.`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}

/** 75 -> "01:15" */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (value: number): string => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`
}
