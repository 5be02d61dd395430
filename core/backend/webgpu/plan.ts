import { ElementwiseLayer } from '#core/nn/modules/elementwise-layer'
import { Linear } from '#core/nn/modules/linear'
import type { Module } from '#core/nn/module'
import type { Network } from '#core/nn/network'
import type { RunSpec } from '#core/spec/run-spec'
import { ArenaLayout, type Matrix } from './arena-layout'
import type { GradientTarget, NamedActivation, Source } from './access'
import { crossEntropyHead, MOST_HEAD_CLASSES } from './cross-entropy-head'
import { DeviceError } from './device-error'
import type { Kernel } from './kernel'
import { linearForward, linearInputGradient } from './linear-kernels'
import { ParameterLayout } from './parameter-layout'
import { defaultTile, headShape } from './tiles'
import type { AdapterDescription } from './webgpu-options'
import { type TrainedLinear, weightUpdate } from './weight-update'
import type { UpdateRule } from './wgsl/update-rule'

/** Where the numbers of a layer are, for whoever reads them back. */
export interface LayerPlace {
  readonly module: Module
  readonly output: Matrix
  readonly outputGradient: Matrix
}

export interface PlanOptions {
  readonly spec: RunSpec
  readonly network: Network
  readonly rule: UpdateRule
  readonly adapter: AdapterDescription
  /** Rows of a batch, or of a piece of it. */
  readonly capacity: number
  /** Rows that the activations have room for: also those of a piece of an evaluation. */
  readonly rows: number
  readonly activationOf: (name: string, layer: ElementwiseLayer) => NamedActivation
}

/** Kernels of a step in order, and where everything is. */
export interface Plan {
  readonly arena: ArenaLayout
  readonly parameters: ParameterLayout
  readonly layers: readonly LayerPlace[]
  readonly output: Matrix
  /** Floats from here on: activations and their gradients. */
  readonly activations: number
  /** Kernels of a step up to the update; the update; the same with the gradients kept. */
  readonly passes: readonly Kernel[]
  readonly update: Kernel
  readonly keepingUpdate: Kernel
  /** The forward pass in evaluation mode. */
  readonly evaluation: readonly Kernel[]
}

/** What the next layer sees of the layers before it. */
interface Unit {
  readonly source: Source
  readonly target: GradientTarget | null
}

export function planOf(options: PlanOptions): Plan {
  return new Planner(options).plan()
}

class Planner {
  private readonly options: PlanOptions
  private readonly arena = new ArenaLayout()
  private readonly parameters: ParameterLayout
  private readonly layers: LayerPlace[] = []
  private readonly forward: Kernel[] = []
  private readonly evaluation: Kernel[] = []
  /** In the order in which they run. */
  private readonly backward: Kernel[] = []
  private readonly trained: TrainedLinear[] = []
  private readonly rowResults: Matrix
  private readonly activations: number

  constructor(options: PlanOptions) {
    const { spec, network, rule, rows } = options
    this.options = options
    this.parameters = new ParameterLayout(this.arena, spec, network, rule.slots.length)
    this.rowResults = this.arena.matrix(rows, 4)
    this.activations = this.arena.size
  }

  plan(): Plan {
    const { spec, network, rule, capacity } = this.options
    const images: Source = {
      kind: 'images',
      images: { features: network.inFeatures, normalize: spec.dataset.normalize },
    }
    const output = this.sequence(network.root.children, { source: images, target: null })
    const update = (mode: 'update' | 'keep') => {
      const shape = {
        rows: Math.max(...this.trained.map(({ weight }) => weight.rows)),
        columns: Math.max(...this.trained.map(({ weight }) => weight.width)),
        terms: capacity,
      }
      return weightUpdate(
        {
          layers: this.trained,
          layout: this.parameters,
          rule,
          clipGradValue: spec.training.clipGradValue,
          rowResults: this.rowResults,
          rows: capacity,
          mode,
        },
        defaultTile(shape, this.options.adapter),
      )
    }
    return {
      arena: this.arena,
      parameters: this.parameters,
      layers: this.layers,
      output,
      activations: this.activations,
      passes: [...this.forward, ...this.backward],
      update: update('update'),
      keepingUpdate: update('keep'),
      evaluation: this.evaluation,
    }
  }

  /** Plans all layers and the loss; returns the place of the outputs. */
  private sequence(modules: readonly Module[], input: Unit): Matrix {
    const { spec } = this.options
    let unit = input
    for (let i = 0; i < modules.length; i++) {
      const module = modules[i]
      const next = modules[i + 1]
      if (!(module instanceof Linear)) throw new DeviceError(`no kernel for ${module?.type ?? ''}`)
      if (
        next === undefined &&
        spec.loss.type === 'CrossEntropyLoss' &&
        module.outFeatures <= MOST_HEAD_CLASSES
      )
        return this.head(module, unit)
      const activation = next instanceof ElementwiseLayer ? next : null
      if (activation !== null) i++
      unit = this.linear(module, activation, unit)
    }
    throw new DeviceError(`no kernel for ${spec.loss.type}`)
  }

  private linear(linear: Linear, activation: ElementwiseLayer | null, input: Unit): Unit {
    const { rows, adapter, activationOf } = this.options
    const { source } = input
    const tensors = this.tensorsOf(linear)
    const sum = this.place(linear)
    const output = activation === null ? null : this.place(activation)
    const named = activation === null ? null : activationOf(nameOf(activation), activation)
    const shape = {
      rows: this.options.capacity,
      columns: linear.outFeatures,
      terms: linear.inFeatures,
    }
    const kernel = linearForward(
      {
        label: labelOf(linear),
        input: source,
        ...tensors,
        sum: sum.output,
        activation: named === null || output === null ? null : { ...named, output: output.output },
        rows,
      },
      defaultTile(shape, adapter),
    )
    this.forward.push(kernel)
    this.evaluation.push(kernel)
    this.trains(linear, source, sum.outputGradient)
    if (input.target !== null)
      this.backward.unshift(
        linearInputGradient(
          {
            label: labelOf(linear),
            weight: tensors.weight,
            outputGradient: sum.outputGradient,
            target: input.target,
            rows,
          },
          defaultTile({ ...shape, columns: shape.terms, terms: shape.columns }, adapter),
        ),
      )
    return {
      source: { kind: 'matrix', matrix: output?.output ?? sum.output },
      target: {
        gradient: output?.outputGradient ?? sum.outputGradient,
        before:
          named === null || output === null
            ? null
            : {
                activation: named,
                sum: sum.output,
                output: output.output,
                gradient: sum.outputGradient,
              },
      },
    }
  }

  private head(linear: Linear, input: Unit): Matrix {
    const { spec, rows, adapter, capacity } = this.options
    const { loss } = spec
    if (loss.type !== 'CrossEntropyLoss') throw new DeviceError(`${loss.type} in the head`)
    const { output, outputGradient } = this.place(linear)
    const tensors = this.tensorsOf(linear)
    const label = labelOf(linear)
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
          rowResults: this.rowResults,
          rows,
        },
        headShape(linear.outFeatures, adapter),
      ),
    )
    this.evaluation.push(
      linearForward(
        { label, input: input.source, ...tensors, sum: output, activation: null, rows },
        defaultTile(
          { rows: capacity, columns: linear.outFeatures, terms: linear.inFeatures },
          adapter,
        ),
      ),
    )
    this.trains(linear, input.source, outputGradient)
    return output
  }

  private place(module: Module): LayerPlace {
    const { rows } = this.options
    const place = {
      module,
      output: this.arena.matrix(rows, module.outFeatures),
      outputGradient: this.arena.matrix(rows, module.outFeatures),
    }
    this.layers.push(place)
    return place
  }

  private tensorsOf({ weight, bias }: Linear) {
    return {
      weight: this.parameters.valueOf(weight),
      bias: bias === null ? null : this.parameters.valueOf(bias),
    }
  }

  private trains({ weight, bias }: Linear, input: Source, outputGradient: Matrix): void {
    this.trained.push({
      input,
      outputGradient,
      weight: this.parameters.of(weight),
      bias: bias === null ? null : this.parameters.of(bias),
    })
  }
}

function labelOf({ path, type }: Module): string {
  return `${type} ${path}`
}

/** A name for WGSL: "activation_3_1". */
function nameOf({ path }: Module): string {
  return `activation_${path.replaceAll('.', '_')}`
}
