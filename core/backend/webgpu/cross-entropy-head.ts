import type { LossSpec } from '#core/spec/losses'
import type { Matrix } from './arena-layout'
import {
  type GradientTarget,
  quadGradientWriter,
  quadOf,
  quadReader,
  type Source,
  strideOf,
  targetPieces,
} from './access'
import type { Kernel } from './kernel'
import type { LinearTensors } from './linear-kernels'
import { f32, u32 } from './wgsl/piece'

export type CrossEntropySpec = Extract<LossSpec, { type: 'CrossEntropyLoss' }>

export interface CrossEntropyHead extends LinearTensors {
  readonly label: string
  readonly input: Source
  readonly loss: CrossEntropySpec
  readonly output: Matrix
  readonly outputGradient: Matrix
  /** null where the input are the images. */
  readonly target: GradientTarget | null
  /** [rows] (loss, hit, -, -) */
  readonly rowResults: Matrix
  readonly rows: number
}

/** Rows of a workgroup, and how many threads share out a row's products. */
export interface HeadShape {
  readonly rows: number
  readonly threads: number
}

/** More classes than this, and the last layer is a product like the others. */
export const MOST_HEAD_CLASSES = 32

/**
 * The last Linear layer, softmax, cross entropy (core/nn/losses/cross-entropy-loss.ts), hits, gradient of the outputs and of the
 * layer's input: all that depends on one row, in one kernel.
 */
export function crossEntropyHead(head: CrossEntropyHead, shape: HeadShape): Kernel {
  const { label, input, weight, bias, output, outputGradient, target, rowResults, rows } = head
  const { threads } = shape
  const classes = output.width
  const items = shape.rows * classes
  const splits = 2 ** Math.floor(Math.log2(threads / items))
  const quads = strideOf(input) / 4
  const classQuads = output.stride / 4
  return {
    label: `${label} and loss`,
    threads,
    elements: 'quads',
    updates: false,
    pieces: target === null ? [] : targetPieces(target),
    declarations: `var<workgroup> partial: array<f32, ${items * splits}>;
var<workgroup> logits: array<f32, ${items}>;
var<workgroup> delta: array<f32, ${items}>;
${quadReader('inputAt', input, rows)}
${quadReader('weightAt', { kind: 'matrix', matrix: weight }, null)}
${target === null ? '' : quadGradientWriter(target, rows)}
fn biasOf(c: u32) -> f32 { ${bias === null ? 'return 0.0;' : `return ${quadOf(bias, '0u', 'c')}[c & 3u];`} }
${massFunctions(head.loss, classes)}`,
    body: `let firstRow = job * ${u32(shape.rows)};
  if (lane < ${u32(items * splits)}) {
    let item = lane % ${u32(items)};
    let row = firstRow + item / ${u32(classes)};
    let c = item % ${u32(classes)};
    var sum = vec4<f32>(0.0);
    for (var q = lane / ${u32(items)}; q < ${u32(quads)}; q += ${u32(splits)}) {
      sum += inputAt(row, q * 4u) * weightAt(c, q * 4u);
    }
    partial[lane] = (sum.x + sum.y) + (sum.z + sum.w);
  }
  workgroupBarrier();
  if (lane < ${u32(items)}) {
    var z = partial[lane];
    for (var s = 1u; s < ${u32(splits)}; s++) { z += partial[s * ${u32(items)} + lane]; }
    logits[lane] = z + biasOf(lane % ${u32(classes)});
  }
  workgroupBarrier();
  if (lane < ${u32(items)}) {
    let r = lane / ${u32(classes)};
    let c = lane % ${u32(classes)};
    let row = firstRow + r;
    let start = r * ${u32(classes)};
    var best = 0u;
    var largest = logits[start];
    for (var i = 1u; i < ${u32(classes)}; i++) {
      let z = logits[start + i];
      if (z > largest) { largest = z; best = i; }
    }
    var sum = 0.0;
    for (var i = 0u; i < ${u32(classes)}; i++) { sum += exp(logits[start + i] - largest); }
    let inside = row < rowCount();
    let label = labelAt(row);
    var gradient = 0.0;
    if (inside && counts(label)) {
      gradient = (exp(logits[lane] - largest) / sum * wholeMass(label) - massOf(label, c)) / divisor();
    }
    delta[lane] = gradient;
    if (c == 0u && row < ${u32(rows)}) {
      var loss = 0.0;
      if (inside && counts(label)) {
        let total = log(sum);
        for (var i = 0u; i < ${u32(classes)}; i++) {
          loss += massOf(label, i) * (total - (logits[start + i] - largest));
        }
        loss = loss / divisor();
      }
      if (inside && (!isFinite(loss * f32(rowCount())) || divisor() == 0.0)) { failHere(); }
      let hit = select(0.0, 1.0, inside && best == label);
      if (live) { ${quadOf(rowResults, 'row', '0u')} = vec4<f32>(loss, hit, 0.0, 0.0); }
    }
  }
  workgroupBarrier();
  for (var i = lane; i < ${u32(shape.rows * classQuads)}; i += ${u32(threads)}) {
    let r = i / ${u32(classQuads)};
    let row = firstRow + r;
    let q = i % ${u32(classQuads)};
    var z = vec4<f32>(0.0);
    var d = vec4<f32>(0.0);
    for (var k = 0u; k < 4u; k++) {
      let c = q * 4u + k;
      if (c < ${u32(classes)}) {
        z[k] = logits[r * ${u32(classes)} + c];
        d[k] = delta[r * ${u32(classes)} + c];
      }
    }
    if (live && row < ${u32(rows)}) {
      ${quadOf(output, 'row', '(q * 4u)')} = z;
      ${quadOf(outputGradient, 'row', '(q * 4u)')} = d;
    }
  }
  ${
    target === null
      ? ''
      : `for (var i = lane; i < ${u32(shape.rows * quads)}; i += ${u32(threads)}) {
    let r = i / ${u32(quads)};
    let column = (i % ${u32(quads)}) * 4u;
    var gradient = vec4<f32>(0.0);
    for (var c = 0u; c < ${u32(classes)}; c++) {
      gradient += delta[r * ${u32(classes)} + c] * weightAt(c, column);
    }
    storeGradient(firstRow + r, column, gradient);
  }`
  }`,
    jobs: (n) => Math.ceil(n / shape.rows),
  }
}

/** counts(label), massOf(label, c), wholeMass(label): weight_c q_c, and their sum. */
function massFunctions(
  { weight, labelSmoothing, ignoreIndex }: CrossEntropySpec,
  classes: number,
): string {
  const on = f32(1 - labelSmoothing)
  const spread = f32(labelSmoothing / classes)
  const weights =
    weight === null
      ? ''
      : `const classWeights = array<f32, ${classes}>(${weight.map(f32).join(', ')});`
  const times = (c: string) => (weight === null ? '' : ` * classWeight(${c})`)
  return `${weights}
${weight === null ? '' : `fn classWeight(c: u32) -> f32 { var w = classWeights; return w[c]; }`}
fn counts(label: u32) -> bool { return ${ignoreIndex >= 0 ? `label != ${u32(ignoreIndex)}` : 'true'}; }
fn massOf(label: u32, c: u32) -> f32 { return (select(0.0, ${on}, c == label) + ${spread})${times('c')}; }
fn wholeMass(label: u32) -> f32 {
  ${
    weight === null
      ? `return ${f32(1)};`
      : `var sum = 0.0;
  for (var c = 0u; c < ${u32(classes)}; c++) { sum += massOf(label, c); }
  return sum;`
  }
}`
}
