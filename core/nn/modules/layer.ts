import type { LayerType } from '#core/spec/layers'
import type { Floats, MakeFloats } from '#core/tensor/floats'
import type { ForwardContext, Module, NamedTensor, Parameter, ParameterKind } from '../module'
import { ShapeError } from '../shape-error'
import { Rows } from './rows'

/** Where a layer stands and what its numbers are kept in. */
export interface Place {
  readonly path: string
  /** Position among all layers of the model, blocks before their contents: it keys the layer's random draws. */
  readonly index: number
  readonly make: MakeFloats
}

/** What all layers share: their place, their tensors, and the arrays of the last pass. */
export abstract class Layer implements Module {
  abstract readonly type: LayerType
  readonly path: string
  readonly inFeatures: number
  readonly outFeatures: number
  readonly children: readonly Module[] = []
  input: Floats
  output: Floats
  outputGradient: Floats
  protected readonly place: Place
  private readonly outputRows: Rows
  private readonly inputGradientRows: Rows
  private readonly ownParameters: Parameter[] = []
  private readonly ownBuffers: NamedTensor[] = []

  constructor(place: Place, inFeatures: number, outFeatures: number) {
    this.place = place
    this.path = place.path
    this.inFeatures = inFeatures
    this.outFeatures = outFeatures
    this.outputRows = new Rows(place.make, outFeatures)
    this.inputGradientRows = new Rows(place.make, inFeatures)
    this.input = this.output = this.outputGradient = place.make(0)
  }

  forward(x: Floats, n: number, context: ForwardContext): Floats {
    this.expectRows(x, n, this.inFeatures)
    this.input = x
    this.output = this.outputRows.of(n)
    this.forwardRows(x, this.output, n, context)
    return this.output
  }

  backward(dy: Floats, n: number, inputGradient = true): Floats {
    this.expectRows(dy, n, this.outFeatures)
    this.outputGradient = dy
    const dx = this.inputGradientRows.of(n)
    this.backwardRows(dy, dx, n, inputGradient)
    return dx
  }

  parameters(): readonly Parameter[] {
    return this.ownParameters
  }

  buffers(): readonly NamedTensor[] {
    return this.ownBuffers
  }

  /** Writes y [n, out], every element. */
  protected abstract forwardRows(x: Floats, y: Floats, n: number, context: ForwardContext): void

  /** Writes dx [n, in], every element, unless `inputGradient` is false; adds to the gradients of the parameters. */
  protected abstract backwardRows(dy: Floats, dx: Floats, n: number, inputGradient: boolean): void

  protected addParameter(
    name: string,
    shape: readonly number[],
    kind: ParameterKind,
    fill = 0,
  ): Parameter {
    const tensor = this.tensor(name, shape, fill)
    const parameter = { ...tensor, grad: this.place.make(tensor.value.length), kind }
    this.ownParameters.push(parameter)
    return parameter
  }

  protected addBuffer(name: string, shape: readonly number[], fill = 0): NamedTensor {
    const tensor = this.tensor(name, shape, fill)
    this.ownBuffers.push(tensor)
    return tensor
  }

  private tensor(name: string, shape: readonly number[], fill: number): NamedTensor {
    const value = this.place.make(shape.reduce((product, size) => product * size, 1))
    value.fill(fill)
    return { name: `${this.path}.${name}`, shape, value }
  }

  private expectRows(values: Floats, n: number, width: number): void {
    if (values.length < n * width)
      throw new ShapeError(
        `layer ${this.path} (${this.type}) expects [${n}, ${width}] = ${n * width} numbers, got ${values.length}`,
      )
  }
}
