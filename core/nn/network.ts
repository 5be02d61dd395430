import type { Floats } from '#core/tensor/floats'
import type { ForwardContext, Module, NamedTensor, Parameter } from './module'
import { type Sequential } from './modules/sequential'

/** A built model: a torch.nn.Sequential with its tensors. */
export class Network {
  readonly inFeatures: number
  readonly outFeatures: number
  readonly root: Sequential
  /** In torch's order, as state_dict names them. */
  readonly parameters: readonly Parameter[]
  readonly buffers: readonly NamedTensor[]
  /** Every layer, blocks before their contents; a layer's index here keys its random draws. */
  readonly layers: readonly Module[]

  constructor(root: Sequential) {
    this.root = root
    this.inFeatures = root.inFeatures
    this.outFeatures = root.outFeatures
    this.parameters = root.parameters()
    this.buffers = root.buffers()
    this.layers = root.children.flatMap(withDescendants)
  }

  /** x [n, inFeatures] -> y [n, outFeatures], valid until the next call. */
  forward(x: Floats, n: number, context: ForwardContext): Floats {
    return this.root.forward(x, n, context)
  }

  /**
   * dy [n, outFeatures] of the last forward pass: adds to the gradients of all parameters. Returns dx [n, inFeatures]
   * if `inputGradient` is asked for, else an array without meaning.
   */
  backward(dy: Floats, n: number, inputGradient = false): Floats {
    return this.root.backward(dy, n, inputGradient)
  }

  zeroGrad(): void {
    for (const { grad } of this.parameters) grad.fill(0)
  }
}

function withDescendants(module: Module): readonly Module[] {
  return [module, ...module.children.flatMap(withDescendants)]
}
