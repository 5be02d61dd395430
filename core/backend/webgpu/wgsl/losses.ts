/*
 * The losses of core/nn/losses for class labels: one invocation a row takes the row's share of the loss, writes the gradient of the
 * outputs and says whether the largest output is the label. Needs xAt, labelAt, divisor, setDx and setResult(row, loss, hit: f32),
 * where the loss is divided already.
 */
import type { LossSpec } from '#core/spec/losses'
import { classTable } from './class-table'
import { exponential, log1p, logistic } from './functions'
import { LANES, type Pass } from './layer-passes'
import { lossTerm } from './loss-terms'
import { f32, type Piece, u32 } from './piece'
import { logOfSum } from './softmax'

type SpecOf<T extends LossSpec['type']> = Extract<LossSpec, { type: T }>

export function lossPass(spec: LossSpec, width: number): Pass {
  const { code, uses } = shareOf(spec, width)
  return {
    uses,
    lanes: LANES,
    jobs: (rows) => Math.ceil(rows / LANES),
    code: `${code}
fn work(job: u32, lane: u32) {
  let row = job * ${LANES}u + lane;
  if (row >= rowCount()) { return; }
  let label = labelAt(row);
  var best = 0u;
  for (var c = 1u; c < ${width}u; c++) { if (xAt(row, c) > xAt(row, best)) { best = c; } }
  setResult(row, shareOf(row, label) / divisor(), select(0.0, 1.0, best == label));
}`,
  }
}

/** fn shareOf(row, label) -> f32, which also writes the gradient. */
function shareOf(
  spec: LossSpec,
  width: number,
): { readonly code: string; readonly uses: readonly Piece[] } {
  switch (spec.type) {
    case 'CrossEntropyLoss':
      return crossEntropy(spec, width)
    case 'NLLLoss':
      return negativeLogLikelihood(spec, width)
    case 'MultiMarginLoss':
      return multiMargin(spec, width)
    case 'BCEWithLogitsLoss':
    case 'BCELoss':
    case 'MSELoss':
    case 'L1Loss':
    case 'SmoothL1Loss':
    case 'HuberLoss':
    case 'KLDivLoss':
    case 'GaussianNLLLoss':
    case 'PoissonNLLLoss': {
      const { value, derivative, tables, uses } = lossTerm(spec)
      return {
        uses: [exponential, log1p, logistic, ...uses],
        code: `${tables}
fn shareOf(row: u32, label: u32) -> f32 {
  var sum = 0.0;
  for (var c = 0u; c < ${width}u; c++) {
    let x = xAt(row, c);
    let t = select(0.0, 1.0, c == label);
    sum += ${value};
    setDx(row, c, (${derivative}) / divisor());
  }
  return sum;
}`,
      }
    }
  }
}

function crossEntropy(
  { weight, labelSmoothing, ignoreIndex }: SpecOf<'CrossEntropyLoss'>,
  width: number,
) {
  return {
    uses: [exponential, logOfSum],
    code: `${classTable('classWeight', weight)}
fn massOf(label: u32, c: u32) -> f32 {
  return (select(0.0, ${f32(1 - labelSmoothing)}, c == label) + ${f32(labelSmoothing / width)}) * classWeight(c);
}
fn shareOf(row: u32, label: u32) -> f32 {
  ${ignored(ignoreIndex, width)}
  var largest = xAt(row, 0u);
  for (var c = 1u; c < ${width}u; c++) { largest = max(largest, xAt(row, c)); }
  var sum = 0.0;
  var mass = 0.0;
  for (var c = 0u; c < ${width}u; c++) {
    sum += exponential(xAt(row, c) - largest);
    mass += massOf(label, c);
  }
  let total = logOfSum(sum);
  var loss = 0.0;
  for (var c = 0u; c < ${width}u; c++) {
    let z = xAt(row, c) - largest;
    loss += massOf(label, c) * (total - z);
    setDx(row, c, (exponential(z) / sum * mass - massOf(label, c)) / divisor());
  }
  return loss;
}`,
  }
}

function negativeLogLikelihood({ weight, ignoreIndex }: SpecOf<'NLLLoss'>, width: number) {
  return {
    uses: [],
    code: `${classTable('classWeight', weight)}
fn shareOf(row: u32, label: u32) -> f32 {
  ${ignored(ignoreIndex, width)}
  for (var c = 0u; c < ${width}u; c++) {
    setDx(row, c, select(0.0, -classWeight(label) / divisor(), c == label));
  }
  return -classWeight(label) * xAt(row, label);
}`,
  }
}

function multiMargin({ p, margin, weight }: SpecOf<'MultiMarginLoss'>, width: number) {
  const [value, slope] = p === 1 ? ['short', '1.0'] : ['short * short', '2 * short']
  return {
    uses: [],
    code: `${classTable('classWeight', weight)}
fn shareOf(row: u32, label: u32) -> f32 {
  let w = classWeight(label) / ${f32(width)};
  let own = xAt(row, label);
  var sum = 0.0;
  var pull = 0.0;
  for (var c = 0u; c < ${width}u; c++) {
    let short = ${f32(margin)} - own + xAt(row, c);
    let counts = c != label && !(short <= 0);
    sum += select(0.0, w * (${value}), counts);
    let push = select(0.0, w * (${slope}) / divisor(), counts);
    pull += push;
    if (c != label) { setDx(row, c, push); }
  }
  setDx(row, label, -pull);
  return sum;
}`,
  }
}

/** A row whose label does not count has no loss and no gradient. */
function ignored(ignoreIndex: number, width: number): string {
  if (ignoreIndex < 0) return ''
  return `if (label == ${u32(ignoreIndex)}) {
    for (var c = 0u; c < ${width}u; c++) { setDx(row, c, 0.0); }
    return 0.0;
  }`
}
