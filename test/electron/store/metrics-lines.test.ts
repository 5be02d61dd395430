import { describe, expect, it } from 'vitest'
import {
  cutMetrics,
  lastLine,
  parseLongMetrics,
  parseMetrics,
} from '../../../electron/store/metrics-lines'

const steps = {
  type: 'steps',
  first: 1,
  losses: [3, 2, 1],
  accuracies: [0, 0.5, 1],
  lrs: [1, 1, 1],
}
const epoch = {
  type: 'epoch',
  epoch: 1,
  step: 3,
  trainLoss: 2,
  trainAccuracy: 0.5,
  seconds: 1,
  imagesPerSecond: 3,
  lr: 1,
}
const text = (...lines: readonly object[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('')

describe('reading metrics.jsonl', () => {
  it('reads complete lines', () => {
    expect(parseMetrics(text(steps, epoch))).toEqual({
      lines: [steps, epoch],
      halfWritten: false,
      unreadable: 0,
    })
  })

  it('leaves out a last line that was cut off, wherever it was cut', () => {
    const whole = text(steps, epoch)
    const first = text(steps).length
    for (let length = first + 1; length < whole.length; length += 1) {
      const parsed = parseMetrics(whole.slice(0, length))
      expect(parsed.lines).toEqual([steps])
      expect(parsed.halfWritten).toBe(true)
    }
  })

  it('passes over a damaged line in the middle and counts it', () => {
    const parsed = parseMetrics(`${text(steps)}{"type":"steps","fir\n${text(epoch)}`)
    expect(parsed.lines).toEqual([steps, epoch])
    expect(parsed.unreadable).toBe(1)
  })

  it('keeps a loss that was not a number as null', () => {
    const broken = { ...steps, losses: [3, NaN, 1] }
    expect(parseMetrics(text(broken)).lines).toEqual([{ ...steps, losses: [3, null, 1] }])
  })
})

describe('reading long files', () => {
  const rows = Array.from({ length: 1234 }, (_, i) => ({ ...steps, first: 1 + 3 * i }))
  const long = `${text(...rows, epoch)}{"type":"st`

  it('in portions gives what reading at once gives', async () => {
    expect(await parseLongMetrics(long)).toEqual(parseMetrics(long))
    expect(await parseLongMetrics('')).toEqual(parseMetrics(''))
    expect(await parseLongMetrics(text(steps))).toEqual(parseMetrics(text(steps)))
  })

  it('finds the last complete line of a type', () => {
    expect(lastLine(long, 'steps')).toEqual(rows.at(-1))
    expect(lastLine(long, 'epoch')).toEqual(epoch)
    expect(lastLine(long, 'test')).toBeNull()
    expect(lastLine(`${text(epoch)}${JSON.stringify({ ...epoch, epoch: 2 })}`, 'epoch')).toEqual(
      epoch,
    )
    expect(lastLine('', 'epoch')).toBeNull()
  })
})

describe('cutting metrics at a checkpoint', () => {
  const { lines } = parseMetrics(text(steps, epoch, { ...steps, first: 4 }))

  it('keeps the steps up to the checkpoint, part of a line included', () => {
    expect(cutMetrics(lines, { step: 5, epoch: 1 })).toEqual([
      steps,
      epoch,
      { ...steps, first: 4, losses: [3, 2], accuracies: [0, 0.5], lrs: [1, 1] },
    ])
  })

  it('drops an epoch that the checkpoint had not finished', () => {
    expect(cutMetrics(lines, { step: 3, epoch: 0 })).toEqual([steps])
  })

  it('keeps nothing for a checkpoint before the first step', () => {
    expect(cutMetrics(lines, { step: 0, epoch: 0 })).toEqual([])
  })
})
