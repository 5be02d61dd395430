import type { EpochRecord } from '#core/training/run-state'

const columns = [
  'epoch',
  'step',
  'trainLoss',
  'valLoss',
  'trainAccuracy',
  'valAccuracy',
  'lr',
  'seconds',
] as const

/** RFC 4180, one line an epoch; a value that was not measured is empty. */
export function epochsCsv(epochs: readonly EpochRecord[]): string {
  const lines = epochs.map((record) => columns.map((column) => record[column] ?? '').join(','))
  return [columns.join(','), ...lines].join('\r\n') + '\r\n'
}
