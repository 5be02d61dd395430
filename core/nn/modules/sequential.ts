import type { Floats } from '#core/tensor/floats'
import type { ForwardContext, Module, NamedTensor, Parameter } from '../module'

/** Modules one after the other. Adds nothing to the names of its children. */
export class Sequential implements Module {
  readonly type = 'Sequential'
  readonly path: string
  readonly inFeatures: number
  readonly outFeatures: number
  readonly children: readonly Module[]
  output: Floats
  outputGradient: Floats

  constructor(path: string, inFeatures: number, children: readonly Module[], empty: Floats) {
    this.path = path
    this.inFeatures = inFeatures
    this.outFeatures = children.at(-1)?.outFeatures ?? inFeatures
    this.children = children
    this.output = this.outputGradient = empty
  }

  forward(x: Floats, n: number, context: ForwardContext): Floats {
    let y = x
    for (const child of this.children) y = child.forward(y, n, context)
    this.output = y
    return y
  }

  backward(dy: Floats, n: number, inputGradient = true): Floats {
    this.outputGradient = dy
    let gradient = dy
    for (let i = this.children.length - 1; i >= 0; i--)
      gradient = this.child(i).backward(gradient, n, inputGradient || i > 0)
    return gradient
  }

  parameters(): readonly Parameter[] {
    return this.children.flatMap((child) => child.parameters())
  }

  buffers(): readonly NamedTensor[] {
    return this.children.flatMap((child) => child.buffers())
  }

  private child(i: number): Module {
    return this.children[i] as Module
  }
}
