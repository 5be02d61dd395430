/* Passes over rows and columns (wgsl/layer-passes-of.ts, wgsl/losses.ts) as kernels: here is where their numbers are. */
import type { Module } from '#core/nn/module'
import type { LossSpec } from '#core/spec/losses'
import { floatOf, targetPieces } from './access'
import type { ArenaLayout, Matrix } from './arena-layout'
import type { Kernel } from './kernel'
import { floatReader, gradientFunctions, type LayerIo, outputFunctions } from './layer-kernels'
import type { ParameterLayout } from './parameter-layout'
import { storeGradientElement } from './parameter-update'
import type { LayerPasses, Pass } from './wgsl/layer-passes'
import { lossPass } from './wgsl/losses'
import { f32 } from './wgsl/piece'

export interface PassKernels {
  readonly forward: Kernel
  readonly evaluation: Kernel
  /** In the order in which they run. */
  readonly backward: readonly Kernel[]
}

export interface PassPlaces {
  readonly arena: ArenaLayout
  readonly parameters: ParameterLayout
  /** Rows that matrices have room for. */
  readonly rows: number
}

export function passKernels(
  module: Module,
  io: LayerIo,
  passes: LayerPasses,
  { arena, parameters, rows }: PassPlaces,
): PassKernels {
  const { label, input, output, target } = io
  const numbers = passes.statistics === 'rows' ? rows : module.inFeatures
  const tensors = [
    passes.statistics === null ? '' : statisticFunctions(arena.matrix(2, numbers)),
    parameterFunctions(module, parameters),
    runningFunctions(module, parameters),
  ].join('\n')
  const forward = (pass: Pass) =>
    kernelOf(`${label} forward`, pass, [floatReader(input), outputFunctions(output), tensors])
  const keeps = module.parameters().length + module.buffers().length > 0
  const backward = target === null && !keeps ? [] : passes.backward
  return {
    forward: forward(passes.forward),
    evaluation: forward(passes.evaluation),
    backward: backward.map((pass) => {
      const text = [floatReader(input), outputFunctions(output), gradientFunctions(io), tensors]
      const kernel = kernelOf(`${label} backward`, pass, text)
      return target === null
        ? kernel
        : { ...kernel, pieces: [...kernel.pieces, ...targetPieces(target)] }
    }),
  }
}

/** The loss, its gradient and the hits of each row, of outputs that some layer left. */
export function lossKernel(loss: LossSpec, outputs: LayerIo, rowResults: Matrix): Kernel {
  const { input, output, target } = outputs
  const kernel = kernelOf(loss.type, lossPass(loss, output.width), [
    floatReader(input),
    gradientFunctions(outputs),
    `fn setResult(row: u32, loss: f32, hit: f32) {
  if (!isFinite(loss * f32(rowCount())) || divisor() == 0.0) { failHere(); }
  if (!live) { return; }
  ${floatOf(rowResults, 'row', '0u')} = loss;
  ${floatOf(rowResults, 'row', '1u')} = hit;
}`,
  ])
  return target === null
    ? kernel
    : { ...kernel, pieces: [...kernel.pieces, ...targetPieces(target)] }
}

function kernelOf(label: string, pass: Pass, declarations: readonly string[]): Kernel {
  return {
    label,
    threads: pass.lanes,
    elements: 'floats',
    updates: false,
    pieces: [pass],
    declarations: declarations.join('\n'),
    body: '  work(job, lane);',
    jobs: pass.jobs,
  }
}

function statisticFunctions(statistics: Matrix): string {
  const at = floatOf(statistics, 'k', 'i')
  return `fn statisticAt(k: u32, i: u32) -> f32 { return ${at}; }
fn setStatistic(k: u32, i: u32, value: f32) { if (live) { ${at} = value; } }`
}

/** The layer's own tensors, named as torch names them. */
function parameterFunctions(module: Module, parameters: ParameterLayout): string {
  return module
    .parameters()
    .map((parameter) => {
      const role = parameter.name.slice(module.path.length + 1)
      const setter = role === 'weight' ? 'setWeightGradient' : 'setBiasGradient'
      return `fn ${role}At(i: u32) -> f32 { return ${floatOf(parameters.valueOf(parameter), '0u', 'i')}; }
fn ${setter}(i: u32, value: f32) { ${storeGradientElement(parameters, parameter, 'i', 'value')} }`
    })
    .join('\n')
}

/** BatchNorm1d's running statistics. */
function runningFunctions(module: Module, { buffers }: ParameterLayout): string {
  const place = (name: string) =>
    buffers.find((buffer) => buffer.name === `${module.path}.${name}`)?.matrix
  const mean = place('running_mean')
  const variance = place('running_var')
  const batches = place('num_batches_tracked')
  if (mean === undefined || variance === undefined || batches === undefined) return ''
  const counter = floatOf(batches, '0u', '0u')
  return `fn runningMeanAt(c: u32) -> f32 { return ${floatOf(mean, '0u', 'c')}; }
fn runningVarianceAt(c: u32) -> f32 { return ${floatOf(variance, '0u', 'c')}; }
fn setRunning(c: u32, mean: f32, variance: f32) {
  if (!live) { return; }
  ${floatOf(mean, '0u', 'c')} = mean;
  ${floatOf(variance, '0u', 'c')} = variance;
}
fn batchesBefore() -> f32 { return ${counter}; }
fn countBatch() { if (live) { ${counter} += ${f32(1)}; } }`
}
