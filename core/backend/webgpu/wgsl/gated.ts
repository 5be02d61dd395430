import { logistic } from './functions'
import {
  columnPass,
  elementPass,
  LANES,
  type LayerPasses,
  overRows,
  type Pass,
} from './layer-passes'

/** y = a logistic(b), a being the first half of the row. Needs xAt, setY; dyAt, setDx. */
export function gluPasses(outFeatures: number): LayerPasses {
  const half = `${outFeatures}u`
  const forward = elementPass(
    outFeatures,
    `  setY(row, column, xAt(row, column) * logistic(xAt(row, column + ${half})));`,
    [logistic],
  )
  const backward = elementPass(
    outFeatures,
    `  let b = xAt(row, column + ${half});
  let g = dyAt(row, column);
  setDx(row, column, g * logistic(b));
  setDx(row, column + ${half}, g * xAt(row, column) * logistic(b) * logistic(-b));`,
    [logistic],
  )
  return { forward, evaluation: forward, backward: [backward], statistics: null }
}

/** y = x above 0, a x elsewhere, a = weightAt. Needs xAt, weightAt, setY; dyAt, setDx, setWeightGradient. */
export function preluPasses(features: number, slopes: number): LayerPasses {
  const own = slopes === 1 ? '0u' : 'column'
  const forward = elementPass(
    features,
    `  let x = xAt(row, column);
  setY(row, column, select(weightAt(${own}) * x, x, x > 0));`,
  )
  const backward = elementPass(
    features,
    `  setDx(row, column, dyAt(row, column) * select(weightAt(${own}), 1.0, xAt(row, column) > 0));`,
  )
  const term = 'select(0.0, dyAt(row, column) * xAt(row, column), xAt(row, column) <= 0)'
  const gradient =
    slopes === 1
      ? sumOfAll(features, term)
      : columnPass(
          features,
          `  var part = 0.0;
  ${overRows} { part += ${term}; }
  let sum = columnSum(lane, part);
  if (inside && team == 0u) { setWeightGradient(column, sum); }`,
        )
  return { forward, evaluation: forward, backward: [backward, gradient], statistics: null }
}

/** One workgroup over all elements, its lanes along the columns of a row first. */
function sumOfAll(features: number, term: string): Pass {
  return {
    lanes: WIDE,
    jobs: () => 1,
    code: `
var<workgroup> parts: array<f32, ${WIDE}>;
fn work(job: u32, lane: u32) {
  var part = 0.0;
  for (var element = lane; element < rowCount() * ${features}u; element += ${WIDE}u) {
    let row = element / ${features}u;
    let column = element % ${features}u;
    part += ${term};
  }
  parts[lane] = part;
  for (var half = ${WIDE / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) { parts[lane] += parts[lane + half]; }
  }
  if (lane == 0u) { setWeightGradient(0u, parts[0]); }
}`,
  }
}

const WIDE = 4 * LANES
