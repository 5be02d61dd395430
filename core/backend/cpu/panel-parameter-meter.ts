import type { Parameter } from '#core/nn/module'
import { sumOfSquares } from '../distribution'
import { ArrayParameterMeter, type ParameterMeter } from '../parameter-meter'
import { PANEL } from './panels'
import type { ParameterStore, StoredParameter } from './parameter-store'

/** Parameters where the kernels keep them: no copy into rows, which would cost more than all the sums. */
export class PanelParameterMeter implements ParameterMeter {
  private readonly store: ParameterStore
  private readonly stored: ReadonlyMap<Parameter, StoredParameter>
  /** For those that the plain network computes with. */
  private readonly plain: ArrayParameterMeter
  /** The store's area of values. */
  private kept: Float32Array | null = null

  constructor(store: ParameterStore) {
    this.store = store
    this.stored = new Map(
      store.stored.filter(({ plain }) => !plain).map((stored) => [stored.parameter, stored]),
    )
    this.plain = new ArrayParameterMeter(
      store.stored.filter(({ plain }) => plain).map(({ parameter }) => parameter),
    )
  }

  ofGradient(parameter: Parameter): number {
    const stored = this.stored.get(parameter)
    if (stored === undefined) return this.plain.ofGradient(parameter)
    return overPanels(stored, this.store.view('gradients'), null)
  }

  ofValue(parameter: Parameter): number {
    const stored = this.stored.get(parameter)
    if (stored === undefined) return this.plain.ofValue(parameter)
    return overPanels(stored, this.store.view('values'), null)
  }

  keep(): void {
    const values = this.store.view('values')
    if (this.kept === null) this.kept = Float32Array.from(values)
    else this.kept.set(values)
    this.plain.keep()
  }

  ofUpdate(parameter: Parameter): number {
    const stored = this.stored.get(parameter)
    if (stored === undefined) return this.plain.ofUpdate(parameter)
    return overPanels(stored, this.store.view('values'), this.kept)
  }
}

/** Sum of the squares of a - b over a parameter's own numbers; its padding may hold anything. */
function overPanels(
  { offset, rows, columns, stride }: StoredParameter,
  a: Float32Array,
  b: Float32Array | null,
): number {
  let sum = 0
  for (let column = 0; column < columns; column += PANEL) {
    const from = (offset + (column / PANEL) * stride) / 4
    const width = Math.min(PANEL, columns - column)
    if (width === PANEL) {
      const end = from + rows * PANEL
      sum += sumOfSquares(a.subarray(from, end), b?.subarray(from, end))
      continue
    }
    for (let row = 0; row < rows; row++)
      for (let i = from + row * PANEL; i < from + row * PANEL + width; i++)
        sum += ((a[i] as number) - (b?.[i] ?? 0)) ** 2
  }
  return sum
}
