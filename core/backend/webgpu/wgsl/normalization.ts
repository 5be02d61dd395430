/*
 * LayerNorm, RMSNorm and BatchNorm1d as core/nn/modules has them: means first, then squares of what is left. Statistic 0 is the mean,
 * statistic 1 one over the deviation, of each row or column. They need xAt, setY, statisticAt, setStatistic; dyAt, setDx; with
 * a weight or bias weightAt, biasAt, setWeightGradient, setBiasGradient. BatchNorm1d also runningMeanAt(column),
 * runningVarianceAt(column), setRunning(column, mean, variance) and, for momentum null, batchesBefore() -> f32 and
 * countBatch(), which the backward pass calls once.
 */
import type { BatchNorm1dSpec, LayerNormSpec, RMSNormSpec } from '#core/spec/layers'
import {
  columnPass,
  elementPass,
  type LayerPasses,
  overColumns,
  overRows,
  rowPass,
} from './layer-passes'
import { f32 } from './piece'

export function layerNormPasses(spec: LayerNormSpec, width: number): LayerPasses {
  const { weight, bias, scaled } = affineOf(
    spec.elementwiseAffine,
    spec.elementwiseAffine && spec.bias,
  )
  const each = overColumns(width)
  const z = '(xAt(row, column) - mean) * scale'
  const forward = rowPass(`  var part = 0.0;
  ${each} { part += xAt(row, column); }
  let mean = laneSum(lane, part) / ${f32(width)};
  part = 0.0;
  ${each} { let d = xAt(row, column) - mean; part += d * d; }
  let scale = 1 / sqrt(laneSum(lane, part) / ${f32(width)} + ${f32(spec.eps)});
  if (inside && lane == 0u) { setStatistic(0u, row, mean); setStatistic(1u, row, scale); }
  ${each} { setY(row, column, ${scaled(z)}); }`)
  const backward = rowPass(`  let mean = statisticAt(0u, row);
  let scale = statisticAt(1u, row);
  var part = 0.0;
  var partZ = 0.0;
  ${each} {
    let g = dyAt(row, column)${weight};
    part += g;
    partZ += g * ${z};
  }
  let sum = laneSum(lane, part) / ${f32(width)};
  let sumZ = laneSum(lane, partZ) / ${f32(width)};
  ${each} { setDx(row, column, scale * (dyAt(row, column)${weight} - sum - ${z} * sumZ)); }`)
  const gradients = columnPass(
    width,
    `  var part = 0.0;
  var partZ = 0.0;
  ${overRows} {
    let g = dyAt(row, column);
    part += g;
    partZ += g * ((xAt(row, column) - statisticAt(0u, row)) * statisticAt(1u, row));
  }
${storeGradients(weight, bias)}`,
  )
  return {
    forward,
    evaluation: forward,
    backward: weight === '' ? [backward] : [backward, gradients],
    statistics: 'rows',
  }
}

/** Without eps, the machine epsilon of float32. */
export function rmsNormPasses(spec: RMSNormSpec, width: number): LayerPasses {
  const { weight, scaled } = affineOf(spec.elementwiseAffine, false)
  const each = overColumns(width)
  const forward = rowPass(`  var part = 0.0;
  ${each} { let x = xAt(row, column); part += x * x; }
  let scale = 1 / sqrt(laneSum(lane, part) / ${f32(width)} + ${f32(spec.eps ?? 2 ** -23)});
  if (inside && lane == 0u) { setStatistic(1u, row, scale); }
  ${each} { setY(row, column, ${scaled('xAt(row, column) * scale')}); }`)
  const backward = rowPass(`  let scale = statisticAt(1u, row);
  var part = 0.0;
  ${each} { part += dyAt(row, column)${weight} * (xAt(row, column) * scale); }
  let sum = laneSum(lane, part) / ${f32(width)};
  ${each} {
    setDx(row, column, scale * (dyAt(row, column)${weight} - xAt(row, column) * scale * sum));
  }`)
  const gradients = columnPass(
    width,
    `  var part = 0.0;
  var partZ = 0.0;
  ${overRows} { partZ += dyAt(row, column) * (xAt(row, column) * statisticAt(1u, row)); }
${storeGradients(weight, '')}`,
  )
  return {
    forward,
    evaluation: forward,
    backward: weight === '' ? [backward] : [backward, gradients],
    statistics: 'rows',
  }
}

/** In training the batch must have more than one row and come whole, not in pieces. */
export function batchNormPasses(spec: BatchNorm1dSpec, width: number): LayerPasses {
  const { weight, bias, scaled } = affineOf(spec.affine, spec.affine && spec.bias)
  const { trackRunningStats: tracks, momentum } = spec
  const z = '(xAt(row, column) - mean) * scale'
  const eps = f32(spec.eps)
  const track = `
  if (inside && team == 0u) {
    let take = ${momentum === null ? '1 / (batchesBefore() + 1)' : f32(momentum)};
    setRunning(column, (1 - take) * runningMeanAt(column) + take * mean,
      (1 - take) * runningVarianceAt(column) + take * (squares / (f32(rowCount()) - 1)));
  }`
  const fromBatch = (training: boolean) =>
    columnPass(
      width,
      `  var part = 0.0;
  ${overRows} { part += xAt(row, column); }
  let mean = columnSum(lane, part) / f32(rowCount());
  part = 0.0;
  ${overRows} { let d = xAt(row, column) - mean; part += d * d; }
  let squares = columnSum(lane, part);
  let scale = 1 / sqrt(squares / f32(rowCount()) + ${eps});
  if (inside && team == 0u) { setStatistic(0u, column, mean); setStatistic(1u, column, scale); }${training && tracks ? track : ''}
  ${overRows} { setY(row, column, ${scaled(z)}); }`,
    )
  const fromRunning = elementPass(
    width,
    `  let mean = runningMeanAt(column);
  let scale = 1 / sqrt(runningVarianceAt(column) + ${eps});
  setY(row, column, ${scaled(z)});`,
  )
  const backward = columnPass(
    width,
    `  let mean = statisticAt(0u, min(column, ${width - 1}u));
  let scale = statisticAt(1u, min(column, ${width - 1}u));
  var part = 0.0;
  var partZ = 0.0;
  ${overRows} {
    let g = dyAt(row, column);
    part += g;
    partZ += g * ((xAt(row, column) - mean) * scale);
  }
${storeGradients(weight, bias)}
  let meanG = sum / f32(rowCount());
  let meanGz = sumZ / f32(rowCount());
  ${overRows} {
    setDx(row, column, scale${weight} * (dyAt(row, column) - meanG - ${z} * meanGz));
  }${tracks ? '\n  if (job == 0u && lane == 0u) { countBatch(); }' : ''}`,
  )
  return {
    forward: fromBatch(true),
    evaluation: tracks ? fromRunning : fromBatch(false),
    backward: [backward],
    statistics: 'columns',
  }
}

/** sum and sumZ of the column over the teams, and what becomes of them. */
function storeGradients(weight: string, bias: string): string {
  return `  let sum = columnSum(lane, part);
  let sumZ = columnSum(lane, partZ);
  if (inside && team == 0u) {
    ${weight === '' ? '' : 'setWeightGradient(column, sumZ);'}
    ${bias === '' ? '' : 'setBiasGradient(column, sum);'}
  }`
}

/** Factor and summand as text, '' where there are none. */
function affineOf(hasWeight: boolean, hasBias: boolean) {
  const weight = hasWeight ? ' * weightAt(column)' : ''
  const bias = hasBias ? ' + biasAt(column)' : ''
  return { weight, bias, scaled: (z: string) => `${z}${weight}${bias}` }
}
