import { exponential, log1p } from './functions'
import { type LayerPasses, overColumns, rowPass } from './layer-passes'
import type { Piece } from './piece'

/** Needs xAt, setY; yAt, dyAt, setDx. Softmin is the softmax of -x. */
export function softmaxPasses(type: 'Softmax' | 'Softmin', width: number): LayerPasses {
  const x = type === 'Softmax' ? 'xAt(row, column)' : '-xAt(row, column)'
  const sign = type === 'Softmax' ? '' : '-'
  const each = overColumns(width)
  return passes(
    `${largest(x, each)}
  ${each} { setY(row, column, exponential(${x} - largest) / sum); }`,
    `  var part = 0.0;
  ${each} { part += dyAt(row, column) * yAt(row, column); }
  let dot = laneSum(lane, part);
  ${each} { setDx(row, column, ${sign}yAt(row, column) * (dyAt(row, column) - dot)); }`,
  )
}

/** Needs xAt, setY; yAt, dyAt, setDx. */
export function logSoftmaxPasses(width: number): LayerPasses {
  const each = overColumns(width)
  return passes(
    `${largest('xAt(row, column)', each)}
  let total = logOfSum(sum);
  ${each} { setY(row, column, (xAt(row, column) - largest) - total); }`,
    `  var part = 0.0;
  ${each} { part += dyAt(row, column); }
  let whole = laneSum(lane, part);
  ${each} { setDx(row, column, dyAt(row, column) - exponential(yAt(row, column)) * whole); }`,
  )
}

/** fn logOfSum(sum), for sums of at least 1: WGSL's log is inaccurate near 1. */
export const logOfSum: Piece = {
  uses: [log1p],
  code: `
fn logOfSum(sum: f32) -> f32 { return select(log(sum), logOnePlus(sum - 1), sum < 2); }`,
}

function passes(forward: string, backward: string): LayerPasses {
  const uses = [exponential, logOfSum]
  const pass = rowPass(forward, uses)
  return { forward: pass, evaluation: pass, backward: [rowPass(backward, uses)], statistics: null }
}

/** The largest value of the row, taken out of the sum of the exponentials. */
function largest(x: string, each: string): string {
  return `  var most = -3.4028234e38;
  ${each} { most = max(most, ${x}); }
  let largest = laneMax(lane, most);
  var part = 0.0;
  ${each} { part += exponential(${x} - largest); }
  let sum = laneSum(lane, part);`
}
