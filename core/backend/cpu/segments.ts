/*
 * A network cut into what kernels do (a Linear layer with the activation behind it, and some others) and what the plain definitions
 * of core/nn do, one behind the other over panels. Residual blocks hold segments of their own.
 */
import type { Module } from '#core/nn/module'
import { ElementwiseLayer } from '#core/nn/modules/elementwise-layer'
import { Layer } from '#core/nn/modules/layer'
import { Linear } from '#core/nn/modules/linear'
import { Residual } from '#core/nn/modules/residual'
import type { LayerSpec } from '#core/spec/layers'
import type { Arena } from './arena'
import type { FusedActivation } from './kernels/activations'
import { type LayerKernels, layerKernelsOf } from './layer-kernels'
import { type KernelContext, type Below, LinearKernels } from './linear-kernels'
import { type PanelMatrix, panelCount, panelStride } from './panels'
import type { ParameterStore } from './parameter-store'
import type { StoredUpdate } from './stored-update'

interface Ends {
  /** [batch, in]; null: the pixel lists. */
  readonly input: PanelMatrix | null
  readonly output: PanelMatrix
  readonly outputGradient: PanelMatrix
  /** null: nobody asks for it. */
  readonly inputGradient: PanelMatrix | null
}

export interface LinearSegment extends Ends {
  readonly kind: 'linear'
  readonly linear: Linear
  readonly activation: ElementwiseLayer | null
  /** Room for output and gradient in front of the activation; null: there is none, or nobody looks at them. */
  readonly front: Pick<Ends, 'output' | 'outputGradient'> | null
  readonly kernels: LinearKernels
}

export interface PlainSegment extends Ends {
  readonly kind: 'plain'
  readonly layer: Layer
}

export interface KernelSegment extends Ends {
  readonly kind: 'kernel'
  readonly layer: Layer
  readonly kernels: LayerKernels
}

export interface ResidualSegment extends Ends {
  readonly kind: 'residual'
  readonly layer: Residual
  readonly block: readonly Segment[]
}

export type Segment = LinearSegment | KernelSegment | PlainSegment | ResidualSegment

export interface SegmentContext {
  readonly arena: Arena
  /** Name of the kernel that draws the words of dropout. */
  readonly noise: string
  readonly kernels: KernelContext
  readonly store: ParameterStore
  readonly update: StoredUpdate | null
  /** Whether passes will capture 'panels'. */
  readonly looks: boolean
  /** Rows of a batch that there is room for. */
  readonly capacity: number
}

/** The activations that kernels take the derivative of from their output alone. */
export function fusedActivation(spec: LayerSpec | undefined): FusedActivation | null {
  if (spec === undefined) return null
  if (spec.type === 'ReLU' || spec.type === 'Sigmoid' || spec.type === 'Tanh')
    return { type: spec.type }
  if (spec.type === 'LeakyReLU' && spec.negativeSlope > 0 && spec.negativeSlope <= 1)
    return { type: spec.type, negativeSlope: spec.negativeSlope }
  return null
}

/** Makes room for a matrix [rows, columns] in panels. */
export function reserveMatrix(arena: Arena, rows: number, columns: number): PanelMatrix {
  const stride = panelStride(rows)
  return { address: arena.reserve(panelCount(columns) * stride), rows, columns, stride }
}

/**
 * Cuts up `modules`, built from `specs`. `input` null: the pixel lists. `inputGradient` null: not asked for.
 */
export function buildSegments(
  specs: readonly LayerSpec[],
  modules: readonly Module[],
  input: PanelMatrix | null,
  inputGradient: PanelMatrix | null,
  context: SegmentContext,
): readonly Segment[] {
  const segments: Segment[] = []
  let i = 0
  while (i < modules.length) {
    const before = segments.at(-1)
    const segment = nextSegment(
      specs.slice(i),
      modules.slice(i),
      before?.output ?? input,
      before === undefined ? inputGradient : before.outputGradient,
      {
        ends: before === undefined ? null : belowOf(before, specs[i - 1]),
        trains: inputGradient !== null || segments.some(trains),
      },
      context,
    )
    segments.push(segment)
    i += layersIn(segment)
  }
  return segments
}

/** Whether a segment has parameters. */
export function trains(segment: Segment): boolean {
  switch (segment.kind) {
    case 'linear':
      return true
    case 'plain':
    case 'kernel':
    case 'residual':
      return segment.layer.parameters().length > 0
  }
}

function layersIn(segment: Segment): number {
  switch (segment.kind) {
    case 'linear':
      return segment.activation === null ? 1 : 2
    case 'plain':
    case 'kernel':
    case 'residual':
      return 1
  }
}

interface Under {
  /** The activation that the segment below ends with. */
  readonly ends: Below | null
  /** Whether anything below needs the gradient. */
  readonly trains: boolean
}

function belowOf(before: Segment, spec: LayerSpec | undefined): Below | null {
  const activation = fusedActivation(spec)
  return before.kind === 'linear' && before.activation !== null && activation !== null
    ? { activation, output: before.output }
    : null
}

function nextSegment(
  specs: readonly LayerSpec[],
  modules: readonly Module[],
  input: PanelMatrix | null,
  inputGradient: PanelMatrix | null,
  under: Under,
  context: SegmentContext,
): Segment {
  const [module] = modules
  const [spec] = specs
  const { arena, capacity } = context
  if (module instanceof Linear) {
    const follower = modules[1]
    const fused = fusedActivation(specs[1])
    const activation = fused !== null && follower instanceof ElementwiseLayer ? follower : null
    return linearSegment(module, activation, fused, { input, inputGradient, under }, context)
  }
  if (input === null) throw new RangeError('pixel lists are for Linear layers')
  if (module instanceof Residual && spec?.type === 'Residual') {
    const innerGradient =
      inputGradient === null ? null : reserveMatrix(arena, capacity, module.inFeatures)
    return {
      kind: 'residual',
      layer: module,
      input,
      output: reserveMatrix(arena, capacity, module.outFeatures),
      outputGradient: reserveMatrix(arena, capacity, module.outFeatures),
      inputGradient,
      block: buildSegments(spec.layers, module.children, input, innerGradient, context),
    }
  }
  if (!(module instanceof Layer)) throw new RangeError('expected a layer')
  const ends = {
    input,
    output: reserveMatrix(arena, capacity, module.outFeatures),
    outputGradient: reserveMatrix(arena, capacity, module.outFeatures),
    inputGradient,
  }
  const layerKernels = layerKernelsOf(module, ends, {
    arena,
    module: context.kernels.module,
    capacity,
    noise: context.noise,
  })
  return layerKernels === null
    ? { kind: 'plain', layer: module, ...ends }
    : { kind: 'kernel', layer: module, kernels: layerKernels, ...ends }
}

function linearSegment(
  linear: Linear,
  activation: ElementwiseLayer | null,
  fused: FusedActivation | null,
  {
    input,
    inputGradient,
    under,
  }: { input: PanelMatrix | null; inputGradient: PanelMatrix | null; under: Under },
  { arena, kernels, store, update, capacity, looks }: SegmentContext,
): LinearSegment {
  const { inFeatures, outFeatures } = linear
  const output = reserveMatrix(arena, capacity, outFeatures)
  const outputGradient = reserveMatrix(arena, capacity, outFeatures)
  const vector = panelCount(outFeatures) * 32
  const passesOn = inputGradient !== null
  const weight = store.of(linear.weight.name)
  const bias = linear.bias === null ? null : store.of(linear.bias.name)
  return {
    kind: 'linear',
    linear,
    activation,
    front:
      activation === null || !looks
        ? null
        : {
            output: reserveMatrix(arena, capacity, outFeatures),
            outputGradient: reserveMatrix(arena, capacity, outFeatures),
          },
    input,
    output,
    outputGradient,
    inputGradient,
    kernels: new LinearKernels(
      linear.path,
      linear,
      activation === null ? null : fused,
      under.ends,
      {
        input,
        output,
        outputGradient,
        outputGradientTransposed: passesOn ? reserveMatrix(arena, outFeatures, capacity) : null,
        inputGradientTransposed: passesOn ? reserveMatrix(arena, inFeatures, capacity) : null,
        inputGradient,
        trainsBelow: under.trains,
        forwardStart: arena.reserve(vector),
        backwardStart: arena.reserve(vector),
      },
      {
        weight: store.matrix(weight, store.values),
        weightGradient: store.matrix(weight, store.gradients),
        bias: bias === null ? arena.reserve(vector) : store.values + bias.offset,
        biasGradient: bias === null ? null : store.gradients + bias.offset,
        updateWeight: update === null ? null : update(weight),
        updateBias: update === null || bias === null ? null : update(bias),
      },
      kernels,
    ),
  }
}
