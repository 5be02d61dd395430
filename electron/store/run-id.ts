import type { RunSpec } from '#core/spec/run-spec'

type Layers = RunSpec['model']['layers']

/** A folder name that says when and what: "2026-11-23-101500-mlp-784-128-10-adam". Local time. */
export function runId(spec: RunSpec, now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${String(now.getFullYear())}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`
  const widths = [spec.model.inFeatures, ...linearWidths(spec.model.layers)]
  return `${day}-${time}-mlp-${foldRepeats(widths)}-${spec.optimizer.type.toLowerCase()}`.slice(
    0,
    110,
  )
}

function linearWidths(layers: Layers): number[] {
  return layers.flatMap((layer) => {
    if (layer.type === 'Linear') return [layer.outFeatures]
    return layer.type === 'Residual' ? linearWidths(layer.layers) : []
  })
}

/** [784, 32, 32, 32, 10] -> "784-3x32-10". */
function foldRepeats(widths: readonly number[]): string {
  const groups: { width: number; count: number }[] = []
  for (const width of widths) {
    const last = groups.at(-1)
    if (last?.width === width) last.count += 1
    else groups.push({ width, count: 1 })
  }
  return groups
    .map(({ width, count }) => (count === 1 ? String(width) : `${String(count)}x${String(width)}`))
    .join('-')
}
