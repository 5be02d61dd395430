import { ElementwiseLayer } from '#core/nn/modules/elementwise-layer'
import { Linear } from '#core/nn/modules/linear'
import { Residual } from '#core/nn/modules/residual'
import type { Module } from '#core/nn/module'
import type { LossSpec } from '#core/spec/losses'
import type { ArenaLayout, Matrix } from './arena-layout'
import type { GradientTarget, NamedActivation, Source } from './access'
import { crossEntropyHead, MOST_HEAD_CLASSES } from './cross-entropy-head'
import { DeviceError } from './device-error'
import { type LayerSpecs, transposed } from './group-specs'
import type { Kernel } from './kernel'
import {
  addBackward,
  addForward,
  elementBackward,
  elementForward,
  type ElementFormula,
  identity,
  type LayerIo,
} from './layer-kernels'
import { activationOf, formulaOf, noiseLayer } from './layer-formulas'
import { linearForward, linearInputGradient } from './linear-kernels'
import type { ParameterLayout } from './parameter-layout'
import { lossKernel, passKernels } from './pass-kernels'
import type { TileChoice } from './tiles'
import type { TrainedLinear } from './weight-update'
import { isPassed, layerPassesOf, type PassedSpec } from './wgsl/layer-passes-of'

/** Where the numbers of a layer are, for whoever reads them back. */
export interface LayerPlace {
  readonly path: string
  readonly output: Matrix
  readonly outputGradient: Matrix
}

export interface LayerPlannerOptions {
  readonly arena: ArenaLayout
  readonly parameters: ParameterLayout
  readonly tiles: TileChoice
  /** Rows of a batch, or of a piece of it. */
  readonly capacity: number
  /** Rows that matrices have room for. */
  readonly rows: number
  /** Every layer of the model, blocks before their contents: numbers the streams of random words. */
  readonly modules: readonly Module[]
  /** [rows] (loss, hit, -, -) */
  readonly rowResults: Matrix
}

/** What a layer sees of the layers before it. */
interface Unit {
  readonly source: Source
  readonly target: GradientTarget | null
}

/** Turns layers into kernels, one after the other; backward kernels come in the order in which they run. */
export class LayerPlanner {
  readonly layers: LayerPlace[] = []
  readonly forward: Kernel[] = []
  readonly backward: Kernel[] = []
  /** The forward pass in evaluation mode. */
  readonly evaluation: Kernel[] = []
  readonly trained: TrainedLinear[] = []
  private readonly options: LayerPlannerOptions

  constructor(options: LayerPlannerOptions) {
    this.options = options
  }

  /** All layers and the loss; returns the place of the outputs. */
  network(
    specs: readonly LayerSpecs[],
    modules: readonly Module[],
    images: Source,
    loss: LossSpec,
  ): Matrix {
    const last = modules.at(-1)
    const input = { source: images, target: null }
    if (
      last instanceof Linear &&
      loss.type === 'CrossEntropyLoss' &&
      last.outFeatures <= MOST_HEAD_CLASSES
    ) {
      const unit = this.sequence(specs.slice(0, -1), modules.slice(0, -1), input)
      return this.head(last, loss, unit)
    }
    const { source, target } = this.sequence(specs, modules, input)
    if (source.kind === 'images' || target === null) throw new DeviceError('a model without layers')
    const output = source.matrix
    const io = { label: loss.type, input: source, output, outputGradient: target.gradient, target }
    this.forward.push(lossKernel(loss, io, this.options.rowResults))
    return output
  }

  private sequence(specs: readonly LayerSpecs[], modules: readonly Module[], input: Unit): Unit {
    let unit = input
    for (let i = 0; i < modules.length; i++) {
      const module = modules[i]
      const spec = specs[i]
      if (module === undefined || spec === undefined) break
      if (module instanceof Linear) {
        const next = modules[i + 1]
        const nextSpec = specs[i + 1]
        const activation = next instanceof ElementwiseLayer && nextSpec !== undefined ? next : null
        const named =
          activation === null || nextSpec === undefined ? null : activationOf(nextSpec, activation)
        if (activation !== null) i++
        unit = this.linear(module, activation, named, unit)
      } else unit = this.layer(spec, module, unit)
    }
    return unit
  }

  private layer(specs: LayerSpecs, module: Module, input: Unit): Unit {
    if (module instanceof ElementwiseLayer)
      return this.elements(module, input, formulaOf(activationOf(specs, module)))
    if (module instanceof Residual) {
      const blocks = specs.map((spec) => (spec.type === 'Residual' ? spec.layers : []))
      return this.residual(transposed(blocks), module, input)
    }
    const noise = noiseLayer(specs, module, this.options.modules.indexOf(module))
    if (noise !== null) return this.elements(module, input, noise.training, noise.evaluation)
    const [spec] = specs
    if (spec !== undefined && isPassed(spec)) return this.passes(spec, module, input)
    throw new DeviceError(`there is no kernel for ${module.type} (layer ${module.path})`)
  }

  private elements(
    module: Module,
    input: Unit,
    training: ElementFormula,
    evaluation: ElementFormula = training,
  ): Unit {
    const place = this.place(module)
    const io = this.io(module, place, input)
    this.forward.push(elementForward(io, training))
    this.evaluation.push(elementForward(io, evaluation))
    const backward = elementBackward(io, training)
    if (backward !== null) this.backward.unshift(backward)
    return unitOf(place)
  }

  private passes(spec: PassedSpec, module: Module, input: Unit): Unit {
    const place = this.place(module)
    const io = this.io(module, place, input)
    const passes = layerPassesOf(spec, module.inFeatures)
    const { forward, evaluation, backward } = passKernels(module, io, passes, this.options)
    this.forward.push(forward)
    this.evaluation.push(evaluation)
    this.backward.unshift(...backward)
    return unitOf(place)
  }

  private residual(specs: readonly LayerSpecs[], residual: Residual, input: Unit): Unit {
    const place = this.place(residual)
    const io = this.io(residual, place, input)
    const fromBlock = this.options.arena.matrix(this.options.rows, residual.inFeatures)
    const sum = addBackward(io, fromBlock)
    if (sum !== null) this.backward.unshift(sum)
    const block = this.sequence(specs, residual.children, {
      source: input.source,
      target: input.target === null ? null : { gradient: fromBlock, before: null },
    })
    if (block.source.kind === 'images') return input
    const end: LayerIo = { ...io, target: block.target }
    const handOn = elementBackward(end, identity)
    if (handOn !== null) this.backward.unshift(handOn)
    const add = addForward(io.label, input.source, block.source.matrix, place.output)
    this.forward.push(add)
    this.evaluation.push(add)
    return unitOf(place)
  }

  private linear(
    linear: Linear,
    activation: ElementwiseLayer | null,
    named: NamedActivation | null,
    input: Unit,
  ): Unit {
    const { rows, capacity, tiles } = this.options
    const { source } = input
    const tensors = this.tensorsOf(linear)
    const sum = this.place(linear)
    const output = activation === null ? null : this.place(activation)
    const { inFeatures, outFeatures } = linear
    const label = labelOf(linear)
    const kernel = linearForward(
      {
        label,
        input: source,
        ...tensors,
        sum: sum.output,
        activation: named === null || output === null ? null : { ...named, output: output.output },
        rows,
      },
      tiles.product({ kind: 'forward', rows: capacity, columns: outFeatures, terms: inFeatures }),
    )
    this.forward.push(kernel)
    this.evaluation.push(kernel)
    this.trains(linear, source, sum.outputGradient)
    const { outputGradient } = sum
    if (input.target !== null)
      this.backward.unshift(
        linearInputGradient(
          { label, weight: tensors.weight, outputGradient, target: input.target, rows },
          tiles.product({
            kind: 'gradient',
            rows: capacity,
            columns: inFeatures,
            terms: outFeatures,
          }),
        ),
      )
    if (named === null || output === null) return unitOf(sum)
    return {
      source: { kind: 'matrix', matrix: output.output },
      target: {
        gradient: output.outputGradient,
        before: {
          activation: named,
          sum: sum.output,
          output: output.output,
          gradient: outputGradient,
        },
      },
    }
  }

  private head(
    linear: Linear,
    loss: Extract<LossSpec, { type: 'CrossEntropyLoss' }>,
    input: Unit,
  ): Matrix {
    const { rows, capacity, tiles, rowResults } = this.options
    const { output, outputGradient } = this.place(linear)
    const tensors = this.tensorsOf(linear)
    const label = labelOf(linear)
    const { inFeatures, outFeatures } = linear
    this.forward.push(
      crossEntropyHead(
        {
          label,
          input: input.source,
          ...tensors,
          loss,
          output,
          outputGradient,
          target: input.target,
          rowResults,
          rows,
        },
        tiles.head({ kind: 'head', rows: capacity, features: inFeatures, classes: outFeatures }),
      ),
    )
    this.evaluation.push(
      linearForward(
        { label, input: input.source, ...tensors, sum: output, activation: null, rows },
        tiles.product({
          kind: 'evaluation',
          rows: capacity,
          columns: outFeatures,
          terms: inFeatures,
        }),
      ),
    )
    this.trains(linear, input.source, outputGradient)
    return output
  }

  private place(module: Module): LayerPlace {
    const { arena, rows } = this.options
    const place = {
      path: module.path,
      output: arena.matrix(rows, module.outFeatures),
      outputGradient: arena.matrix(rows, module.outFeatures),
    }
    this.layers.push(place)
    return place
  }

  private io(
    module: Module,
    { output, outputGradient }: LayerPlace,
    { source, target }: Unit,
  ): LayerIo {
    return { label: labelOf(module), input: source, output, outputGradient, target }
  }

  private tensorsOf({ weight, bias }: Linear) {
    const { parameters } = this.options
    return {
      weight: parameters.valueOf(weight),
      bias: bias === null ? null : parameters.valueOf(bias),
    }
  }

  private trains({ weight, bias }: Linear, input: Source, outputGradient: Matrix): void {
    const { parameters } = this.options
    this.trained.push({
      input,
      outputGradient,
      weight: parameters.of(weight),
      bias: bias === null ? null : parameters.of(bias),
    })
  }
}

/** The layer's output as the next layer sees it. */
function unitOf({ output, outputGradient }: LayerPlace): Unit {
  return {
    source: { kind: 'matrix', matrix: output },
    target: { gradient: outputGradient, before: null },
  }
}

function labelOf({ path, type }: Module): string {
  return `${type} ${path}`
}
