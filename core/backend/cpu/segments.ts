/*
 * A network cut into what kernels do (a Linear layer with the activation behind it) and what the plain definitions of core/nn do
 * (all other layers), one behind the other over panels. Residual blocks hold segments of their own.
 */
import type { ForwardContext, Module } from '#core/nn/module'
import { ElementwiseLayer } from '#core/nn/modules/elementwise-layer'
import { Layer } from '#core/nn/modules/layer'
import { Linear } from '#core/nn/modules/linear'
import { Residual } from '#core/nn/modules/residual'
import type { LayerSpec } from '#core/spec/layers'
import type { Arena } from './arena'
import type { FusedActivation } from './kernels/activations'
import { type KernelContext, type Below, LinearKernels } from './linear-kernels'
import { type PanelMatrix, panelCount, panelStride, readPanels, writePanels } from './panels'
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
  readonly kernels: LinearKernels
}

export interface PlainSegment extends Ends {
  readonly kind: 'plain'
  readonly layers: readonly Layer[]
}

export interface ResidualSegment extends Ends {
  readonly kind: 'residual'
  readonly layer: Residual
  readonly block: readonly Segment[]
}

export type Segment = LinearSegment | PlainSegment | ResidualSegment

export interface SegmentContext {
  readonly arena: Arena
  readonly kernels: KernelContext
  readonly store: ParameterStore
  readonly update: StoredUpdate | null
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
      before === undefined ? null : belowOf(before, specs[i - 1]),
      context,
    )
    segments.push(segment)
    i += layersIn(segment)
  }
  return segments
}

function layersIn(segment: Segment): number {
  switch (segment.kind) {
    case 'linear':
      return segment.activation === null ? 1 : 2
    case 'plain':
      return segment.layers.length
    case 'residual':
      return 1
  }
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
  below: Below | null,
  context: SegmentContext,
): Segment {
  const [module] = modules
  const [spec] = specs
  const { arena, capacity } = context
  if (module instanceof Linear) {
    const follower = modules[1]
    const fused = fusedActivation(specs[1])
    const activation = fused !== null && follower instanceof ElementwiseLayer ? follower : null
    return linearSegment(module, activation, fused, { input, inputGradient, below }, context)
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
  const layers: Layer[] = []
  for (const layer of modules) {
    if (layer instanceof Linear || layer instanceof Residual || !(layer instanceof Layer)) break
    layers.push(layer)
  }
  const width = layers.at(-1)?.outFeatures
  if (width === undefined) throw new RangeError('expected a layer')
  return {
    kind: 'plain',
    layers,
    input,
    output: reserveMatrix(arena, capacity, width),
    outputGradient: reserveMatrix(arena, capacity, width),
    inputGradient,
  }
}

function linearSegment(
  linear: Linear,
  activation: ElementwiseLayer | null,
  fused: FusedActivation | null,
  {
    input,
    inputGradient,
    below,
  }: { input: PanelMatrix | null; inputGradient: PanelMatrix | null; below: Below | null },
  { arena, kernels, store, update, capacity }: SegmentContext,
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
    input,
    output,
    outputGradient,
    inputGradient,
    kernels: new LinearKernels(
      linear.path,
      linear,
      activation === null ? null : fused,
      below,
      {
        input,
        output,
        outputGradient,
        outputGradientTransposed: passesOn ? reserveMatrix(arena, outFeatures, capacity) : null,
        inputGradientTransposed: passesOn ? reserveMatrix(arena, inFeatures, capacity) : null,
        inputGradient,
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

/** Runs the plain layers of a segment over row-major copies of its panels. */
export class PlainRunner {
  private readonly floats: Float32Array

  constructor(floats: Float32Array) {
    this.floats = floats
  }

  forward({ layers, input, output }: PlainSegment, n: number, context: ForwardContext): void {
    if (input === null) return
    let values = this.read(input, n)
    for (const layer of layers) values = layer.forward(values, n, context) as Float32Array
    writePanels(this.floats, output, values, n)
  }

  backward({ layers, outputGradient, inputGradient }: PlainSegment, n: number): void {
    let gradient = this.read(outputGradient, n)
    for (const layer of layers.toReversed())
      gradient = layer.backward(
        gradient,
        n,
        inputGradient !== null || layer !== layers[0],
      ) as Float32Array
    if (inputGradient !== null) writePanels(this.floats, inputGradient, gradient, n)
  }

  /** sum = a + b, all [n, columns]. */
  add(a: PanelMatrix, b: PanelMatrix, sum: PanelMatrix, n: number): void {
    const { floats } = this
    for (let panel = 0; panel < panelCount(sum.columns); panel++) {
      const [from, other, to] = [a, b, sum].map((m) => (m.address + panel * m.stride) / 4)
      if (from === undefined || other === undefined || to === undefined) return
      for (let i = 0; i < n * 8; i++)
        floats[to + i] = (floats[from + i] as number) + (floats[other + i] as number)
    }
  }

  copy(from: PanelMatrix, to: PanelMatrix): void {
    const bytes = panelCount(from.columns) * from.stride
    this.floats.copyWithin(to.address / 4, from.address / 4, (from.address + bytes) / 4)
  }

  /** A fresh row-major copy: layers keep what they are given until the backward pass. */
  read(matrix: PanelMatrix, n: number): Float32Array {
    const values = new Float32Array(n * matrix.columns)
    readPanels(this.floats, matrix, values, n)
    return values
  }
}
