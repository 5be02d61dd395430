/* The kernels of one Linear layer with the activation behind it, and how a team shares them out. */
import type { FusedActivation } from './kernels/activations'
import {
  activationFunction,
  activationPass,
  biasProduct,
  derivativePass,
  transposePass,
} from './kernels/elementwise'
import { type Constants, rowProduct } from './kernels/products'
import { sparseForwardProduct, sparseWeightProduct } from './kernels/sparse-products'
import type { SimdTarget } from './kernels/target'
import { ACCUMULATE, OVERWRITE, UPDATE, weightProduct } from './kernels/weight-product'
import { type PanelMatrix, panelCount } from './panels'
import { type Call, part, type Program, type Share } from './program'
import type { PixelLists } from './input-images'
import type { Code } from './wasm/instructions'
import type { FunctionBuilder, ModuleBuilder } from './wasm/module-builder'

export interface Parameters {
  readonly weight: PanelMatrix
  readonly weightGradient: PanelMatrix
  /** Addresses of [out] values; zeros where the layer has no bias. */
  readonly bias: number
  /** null: no bias. */
  readonly biasGradient: number | null
  /** Code that updates these parameters at once; null: the optimizer is none of the kernels'. */
  readonly updateWeight: ((gradient: Code, offset: Code, bytes: Code) => Code) | null
  readonly updateBias: ((gradient: Code, offset: Code, bytes: Code) => Code) | null
}

export interface LinearBuffers {
  /** null: the input is the batch's pixel lists. */
  readonly input: PanelMatrix | null
  readonly output: PanelMatrix
  /** [batch, out] gradient of what comes out of the activation, then of the product. */
  readonly outputGradient: PanelMatrix
  /** [out, batch] the same transposed; only where `inputGradient` is asked for. */
  readonly outputGradientTransposed: PanelMatrix | null
  /** [in, batch] */
  readonly inputGradientTransposed: PanelMatrix | null
  /** [batch, in] */
  readonly inputGradient: PanelMatrix | null
  /** Whether anything below needs `inputGradient`, apart from reports. */
  readonly trainsBelow: boolean
  /** Room for [out] values each: what sparse sums start from. */
  readonly forwardStart: number
  readonly backwardStart: number
}

/** The activation of the layer below, where its gradient is taken on the way down. */
export interface Below {
  readonly activation: FusedActivation
  readonly output: PanelMatrix
}

/** What the gradients of weights become: see `weightProduct`. */
export type GradientUse = 'update' | 'overwrite' | 'accumulate'

const USES = { overwrite: OVERWRITE, accumulate: ACCUMULATE, update: UPDATE } as const

export interface KernelContext {
  readonly module: ModuleBuilder
  readonly target: SimdTarget
  readonly constants: Constants
  readonly columnSums: FunctionBuilder
  readonly copy: FunctionBuilder
  /** Address of scratch of one thread. */
  readonly scratch: (thread: number) => number
  readonly pixels: PixelLists | null
}

export class LinearKernels {
  private readonly id: string
  private readonly inFeatures: number
  private readonly outFeatures: number
  private readonly activation: FusedActivation | null
  private readonly below: Below | null
  private readonly buffers: LinearBuffers
  private readonly parameters: Parameters
  private readonly context: KernelContext

  constructor(
    id: string,
    shape: { readonly inFeatures: number; readonly outFeatures: number },
    activation: FusedActivation | null,
    below: Below | null,
    buffers: LinearBuffers,
    parameters: Parameters,
    context: KernelContext,
  ) {
    this.id = id
    this.inFeatures = shape.inFeatures
    this.outFeatures = shape.outFeatures
    this.activation = activation
    this.below = below
    this.buffers = buffers
    this.parameters = parameters
    this.context = context
    this.emitForward()
    this.emitBackward()
  }

  /** Adds the forward pass. raw: without the activation, which `activate` does, so that both outputs can be looked at. */
  addForward(program: Program, training: boolean, raw: boolean): void {
    const panels = panelCount(this.outFeatures)
    const kernel = `${this.id} forward${raw ? ' raw' : ''}`
    const { pixels } = this.context
    if (this.buffers.input === null && pixels !== null) {
      program.onTeam((share) => [
        ...(training ? pixels.sortCalls(share) : []),
        { kernel, operands: [...part(panels, share), share.rows] },
      ])
    } else if (this.splitsRows(program)) {
      program.onTeam((share) => [
        { kernel, operands: [...part(share.rows, share, 8), 0, panels, this.scratchOf(share)] },
      ])
    } else {
      program.onTeam((share) => [
        { kernel, operands: [0, share.rows, ...part(panels, share), this.scratchOf(share)] },
      ])
    }
  }

  activate(program: Program, join = true): void {
    if (this.activation === null) return
    program.onTeam(
      (share) => [
        {
          kernel: `${this.id} activate`,
          operands: [...part(panelCount(this.outFeatures), share), share.rows],
        },
      ],
      join,
    )
  }

  /** Turns the gradient of the activation's output into that of the product's. */
  addDerivative(program: Program, join = true): void {
    if (this.activation === null) return
    program.onTeam(
      (share) => [
        {
          kernel: `${this.id} derivative`,
          operands: [...part(panelCount(this.outFeatures), share), share.rows],
        },
      ],
      join,
    )
  }

  /**
   * Adds the backward pass, from the gradient of the product. raw: the input's gradient stays as it is, else the
   * derivative of the activation below is taken on the way. joined: the gradient was made by other threads.
   */
  addBackward(program: Program, use: GradientUse, raw: boolean, join: boolean): void {
    if (this.buffers.inputGradient === null || !(raw || this.buffers.trainsBelow)) {
      program.onTeam((share) => this.firstGradients(share, use), join)
      return
    }
    program.onTeam(
      (share) => [
        {
          kernel: `${this.id} transpose`,
          operands: [0, panelCount(share.rows), ...part(panelCount(this.outFeatures), share)],
        },
      ],
      join,
    )
    program.onTeam((share) => {
      const [from, to] = part(panelCount(this.inFeatures), share)
      const rows = [from * 8, Math.min(this.inFeatures, to * 8)] as const
      const batch = panelCount(share.rows)
      return [
        { kernel: `${this.id} input`, operands: [...rows, 0, batch, this.scratchOf(share)] },
        { kernel: `${this.id} below${raw ? ' raw' : ''}`, operands: [from, to, 0, batch] },
        {
          kernel: `${this.id} weight`,
          operands: [
            ...rows,
            0,
            panelCount(this.outFeatures),
            share.rows,
            this.scratchOf(share) + USES[use],
          ],
        },
        ...this.biasCalls(share, use),
      ]
    })
  }

  /** Whether the backward pass leaves the input's gradient in the hands of the threads that own its panels. */
  get hasInputGradient(): boolean {
    return this.buffers.inputGradient !== null
  }

  /** Whether the forward pass is shared out by rows of the batch. */
  splitsRows(program: Program): boolean {
    return panelCount(this.outFeatures) < 2 * program.threads && this.buffers.input !== null
  }

  private firstGradients(share: Share, use: GradientUse): readonly Call[] {
    const panels = part(panelCount(this.outFeatures), share)
    const scratch = this.scratchOf(share)
    return [
      this.buffers.input === null
        ? {
            kernel: `${this.id} weight`,
            operands: [...panels, share.rows, USES[use], scratch],
          }
        : {
            kernel: `${this.id} weight`,
            operands: [0, this.inFeatures, ...panels, share.rows, scratch + USES[use]],
          },
      ...this.biasCalls(share, use),
    ]
  }

  private biasCalls(share: Share, use: GradientUse): readonly Call[] {
    if (this.parameters.biasGradient === null) return []
    const panels = part(panelCount(this.outFeatures), share)
    return [
      {
        kernel: `${this.id} bias`,
        operands: [...panels, share.rows, USES[use]],
      },
    ]
  }

  private scratchOf({ thread }: Share): number {
    return this.context.scratch(thread)
  }

  private emitForward(): void {
    const { context, activation, buffers, parameters } = this
    const { module, target, constants, columnSums, pixels } = context
    const emit = (name: string, applied: FunctionBuilder | null): void => {
      if (buffers.input === null && pixels !== null)
        sparseForwardProduct(module, target, name, columnSums, {
          input: pixels.rows,
          weight: parameters.weight,
          features: this.inFeatures,
          shift: pixels.shift,
          bias: parameters.bias,
          start: buffers.forwardStart,
          output: buffers.output,
          activation: applied,
        })
      else if (buffers.input !== null)
        rowProduct(
          module,
          target,
          name,
          {
            left: buffers.input,
            right: parameters.weight,
            start: parameters.bias,
            output: buffers.output,
            activation: applied,
          },
          constants,
        )
    }
    const applied = activation === null ? null : activationFunction(module, target, activation)
    emit(`${this.id} forward`, applied)
    emit(`${this.id} forward raw`, null)
    if (activation === null || applied === null) return
    activationPass(module, `${this.id} activate`, applied, buffers.output)
    derivativePass(
      module,
      `${this.id} derivative`,
      activation,
      buffers.outputGradient,
      buffers.output,
    )
  }

  private emitBackward(): void {
    const { context, buffers, parameters, id } = this
    const { module, target, constants, columnSums, pixels } = context
    const { outputGradient, outputGradientTransposed, inputGradientTransposed, inputGradient } =
      buffers
    if (outputGradientTransposed && inputGradientTransposed && inputGradient) {
      transposePass(module, `${id} transpose`, outputGradient, outputGradientTransposed, null)
      rowProduct(
        module,
        target,
        `${id} input`,
        {
          left: parameters.weight,
          right: outputGradientTransposed,
          start: null,
          output: inputGradientTransposed,
          activation: null,
        },
        constants,
      )
      transposePass(module, `${id} below`, inputGradientTransposed, inputGradient, this.below)
      transposePass(module, `${id} below raw`, inputGradientTransposed, inputGradient, null)
    }
    if (buffers.input === null && pixels !== null)
      sparseWeightProduct(
        module,
        target,
        `${id} weight`,
        { sums: columnSums, copy: context.copy },
        {
          input: pixels.columns,
          features: this.inFeatures,
          shift: pixels.shift,
          outputGradient,
          gradient: parameters.weightGradient,
          start: buffers.backwardStart,
          update: parameters.updateWeight,
        },
      )
    else if (buffers.input !== null)
      weightProduct(
        module,
        target,
        `${id} weight`,
        {
          input: buffers.input,
          outputGradient,
          gradient: parameters.weightGradient,
          update: parameters.updateWeight,
        },
        constants,
      )
    if (parameters.biasGradient !== null)
      biasProduct(module, `${id} bias`, columnSums, {
        outputGradient,
        gradient: parameters.biasGradient,
        update: parameters.updateBias,
      })
  }
}
