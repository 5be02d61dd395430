import type { Parameter } from '#core/nn/module'
import type { Floats } from '#core/tensor/floats'
import { sumOfSquares } from './distribution'

/** What a LayerMeter asks about parameters, wherever they are kept. All figures are sums of squares. */
export interface ParameterMeter {
  ofGradient(parameter: Parameter): number
  ofValue(parameter: Parameter): number
  /** Remembers the values as they are. */
  keep(): void
  /** Of the difference to what was kept. */
  ofUpdate(parameter: Parameter): number
}

/** Parameters in their own arrays. The copy is made at the first measurement and kept. */
export class ArrayParameterMeter implements ParameterMeter {
  private readonly parameters: readonly Parameter[]
  private copies: ReadonlyMap<Parameter, Floats> = new Map()

  constructor(parameters: readonly Parameter[]) {
    this.parameters = parameters
  }

  ofGradient({ grad }: Parameter): number {
    return sumOfSquares(grad)
  }

  ofValue({ value }: Parameter): number {
    return sumOfSquares(value)
  }

  keep(): void {
    if (this.copies.size === 0)
      this.copies = new Map(
        this.parameters.map((parameter) => [parameter, parameter.value.slice()]),
      )
    else for (const [{ value }, copy] of this.copies) copy.set(value)
  }

  ofUpdate(parameter: Parameter): number {
    return sumOfSquares(parameter.value, this.copies.get(parameter))
  }
}
