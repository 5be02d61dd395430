import type { Matrix } from './arena-layout'
import { quadOf, quadReader, type Source, widthOf } from './access'
import { type Kernel, TABLE } from './kernel'
import type { Optimizers } from './optimizers'
import type { ParameterLayout, StoredParameter } from './parameter-layout'
import { treeSum } from './parameter-kernels'
import { keepFunctions, overParameters, updateFunctions } from './parameter-update'
import { sharedQuads, threadsOf, type Tile } from './tile'
import { tileProduct } from './tile-product'
import { u32 } from './wgsl/piece'

export interface TrainedLinear {
  readonly input: Source
  readonly outputGradient: Matrix
  readonly weight: StoredParameter
  readonly bias: StoredParameter | null
}

export interface WeightUpdate {
  readonly layers: readonly TrainedLinear[]
  readonly layout: ParameterLayout
  readonly optimizers: Optimizers
  readonly clipGradValue: number | null
  readonly rowResults: Matrix
  /** Rows of a batch. */
  readonly rows: number
  /**
   * 'update': the optimizer takes each gradient out of the sums' registers. 'keep': the gradients are left in their region too, for
   * whoever wants to look at them. 'gradients': they are only left there.
   */
  readonly mode: 'update' | 'keep' | 'gradients'
}

/**
 * Weight and bias gradients of all Linear layers and, with them, the optimizer: one grid over the tiles of all layers. The bias is
 * one more column of the input, which is 1. Parameters of other layers follow in jobs of their own, and a last job adds up loss
 * and hits of the batch.
 */
export function weightUpdate(update: WeightUpdate, tile: Tile): Kernel {
  const { layers, layout, optimizers, clipGradValue, rowResults, rows, mode } = update
  const threads = threadsOf(tile)
  let jobs = 0
  const branches = layers.map((layer, i) => {
    const lines = Math.ceil(layer.weight.rows / tile.rows)
    const columns = Math.ceil((layer.weight.width + (layer.bias === null ? 0 : 1)) / tile.columns)
    const from = jobs
    jobs += lines * columns
    return `if (job >= ${u32(from)} && job < ${u32(jobs)}) {
    let tileNumber = job - ${u32(from)};
    ${tileProduct(
      tile,
      {
        terms: rows,
        a: { order: 'lines', quad: (term, line) => `gradient${i}(${term}, ${line})` },
        b: { order: 'lines', quad: (term, line) => `input${i}WithOne(${term}, ${line})` },
        epilogue: (row, column, sums) => `finish${i}(${row}, ${column}, ${sums});`,
      },
      `(tileNumber / ${u32(columns)}) * ${u32(tile.rows)}`,
      `(tileNumber % ${u32(columns)}) * ${u32(tile.columns)}`,
    )}
  }`
  })
  const others =
    mode === 'gradients'
      ? { code: '', jobs: 0 }
      : overParameters(
          layout.stored.filter(({ fromProduct }) => !fromProduct),
          threads,
          `(job - ${u32(jobs)})`,
          (at, mask, cell) => `updateQuad(${at}, keptGradient(${at}), ${mask}, ${cell});`,
        )
  const resultJob = jobs + others.jobs
  return {
    label: mode === 'gradients' ? 'weight gradients' : 'update',
    threads,
    elements: 'quads',
    updates: true,
    pieces: mode === 'gradients' ? [] : optimizers.elementRules.map(({ rule }) => rule),
    declarations: `var<workgroup> pool: array<vec4<f32>, ${Math.max(sharedQuads(tile), threads)}>;
${keepFunctions(layout)}
${mode === 'gradients' ? '' : updateFunctions(layout, optimizers, clipGradValue)}
${layers.map((layer, i) => layerFunctions(layer, i, rows, mode)).join('\n')}`,
    body: `${branches.join(' else ')}
  ${others.jobs === 0 ? '' : `if (job >= ${u32(jobs)} && job < ${u32(resultJob)}) { ${others.code} }`}
  ${addResults(`job == ${u32(resultJob)}`, rowResults, rows, threads)}`,
    jobs: () => resultJob + 1,
  }
}

function layerFunctions(
  { input, outputGradient, weight, bias }: TrainedLinear,
  i: number,
  rows: number,
  mode: WeightUpdate['mode'],
): string {
  const width = widthOf(input)
  const take = [
    mode === 'update' ? '' : 'keepGradient(at, select(vec4<f32>(0.0), gradient, mask));',
    mode === 'gradients' ? '' : 'updateQuad(at, gradient, mask, own);',
  ].join(' ')
  const biasQuad = `if (k == 4u) {
      let bit = ${u32(width)} - column;
      if (column > ${u32(width)} || bit >= 4u) { return; }
      at = ${u32(bias?.offset ?? 0)} + firstRow;
      gradient = vec4<f32>(all[0][bit], all[1][bit], all[2][bit], all[3][bit]);
      mask = vec4<u32>(firstRow) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(${u32(weight.rows)});
      own = ${u32(bias?.cell ?? 0)};
    } else `
  return `${quadReader(`input${i}`, input, rows)}
fn input${i}WithOne(row: u32, column: u32) -> vec4<f32> {
  ${
    bias === null
      ? `return input${i}(row, column);`
      : `return select(input${i}(row, column), vec4<f32>(1.0), vec4<u32>(column) + vec4<u32>(0u, 1u, 2u, 3u) == vec4<u32>(${u32(width)}));`
  }
}
fn gradient${i}(row: u32, column: u32) -> vec4<f32> {
  if (row >= rowCount() || column >= ${u32(outputGradient.stride)}) { return vec4<f32>(0.0); }
  return ${quadOf(outputGradient, 'row', 'column')};
}
fn finish${i}(firstRow: u32, column: u32, sums: array<vec4<f32>, 4>) {
  var all = sums;
  for (var k = 0u; k < ${bias === null ? '4u' : '5u'}; k++) {
    if (firstRow + (k & 3u) >= ${u32(weight.rows)}) { continue; }
    var at = ${u32(weight.offset)} + (firstRow + k) * ${u32(weight.stride)} + column;
    var gradient = vec4<f32>(0.0);
    var mask = vec4<u32>(column) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(${u32(width)});
    var own = ${u32(weight.cell)};
    ${bias === null ? '' : biasQuad}if (column >= ${u32(weight.stride)}) { continue; } else { gradient = all[k]; }
    ${take}
  }
}`
}

/** Adds up (loss, hit) of the rows in a fixed order, for the row of `metrics` that the table names. */
function addResults(condition: string, rowResults: Matrix, rows: number, threads: number): string {
  return `if (${condition}) {
    var sum = vec4<f32>(0.0);
    let count = min(rowCount(), ${u32(rows)});
    for (var row = lane; row < count; row += ${u32(threads)}) { sum += ${quadOf(rowResults, 'row', '0u')}; }
    pool[lane] = sum;
    ${treeSum('pool', threads)}
    if (lane == 0u) {
      let failing = atomicLoad(&control[run].failing);
      if (step <= failing) { metrics[word(${u32(TABLE.metric)})] = pool[0].xy; }
    }
  }`
}
