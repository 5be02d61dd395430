import type { Parameter } from '#core/nn/module'
import { ArrayParameterMeter, type ParameterMeter } from '../parameter-meter'
import type { Arena } from './arena'
import { columnSquaresPass } from './kernels/figures'
import type { SimdTarget } from './kernels/target'
import { panelCount, ROW_BYTES } from './panels'
import type { ParameterStore, StoredParameter } from './parameter-store'
import { type Call, part, type Program, type Share } from './program'
import type { ModuleBuilder } from './wasm/module-builder'

/** Addresses of the sums of squares, one float32 for each column of the parameters' panels. */
interface Squares {
  readonly gradients: number
  readonly values: number
  readonly updates: number
}

/** Parameters where the kernels keep them, measured by all threads; no copy into rows, which would cost more than all the sums. */
export class PanelParameterMeter implements ParameterMeter {
  private readonly store: ParameterStore
  /** What is the kernels' own, and its first panel among all of them. */
  private readonly stored: ReadonlyMap<
    Parameter,
    { readonly stored: StoredParameter; readonly first: number }
  >
  /** For those that the plain network computes with. */
  private readonly plain: ArrayParameterMeter
  private readonly squares: Squares
  /** Address of a copy of the store's values. */
  private readonly kept: number
  private floats: Float32Array = new Float32Array(0)

  constructor(arena: Arena, store: ParameterStore) {
    this.store = store
    let panels = 0
    this.stored = new Map(
      store.stored
        .filter(({ plain }) => !plain)
        .map((stored) => {
          const first = panels
          panels += panelCount(stored.columns)
          return [stored.parameter, { stored, first }]
        }),
    )
    this.plain = new ArrayParameterMeter(
      store.stored.filter(({ plain }) => plain).map(({ parameter }) => parameter),
    )
    const reserve = () => arena.reserve(panels * ROW_BYTES)
    this.squares = { gradients: reserve(), values: reserve(), updates: reserve() }
    this.kept = arena.reserve(store.bytes)
  }

  emit(module: ModuleBuilder, target: SimdTarget): void {
    columnSquaresPass(module, target, 'gradient squares', 'values')
    columnSquaresPass(module, target, 'value squares', 'kept values')
    columnSquaresPass(module, target, 'update squares', 'differences')
  }

  attach(floats: Float32Array): void {
    this.floats = floats
  }

  /** Measures gradients and values, and keeps the values. */
  addTo(program: Program): void {
    const { gradients, values } = this.store
    program.onTeam((share) => [
      ...this.calls(share, 'gradient squares', gradients, this.squares.gradients),
      ...this.calls(share, 'value squares', values, this.squares.values),
    ])
  }

  /** Measures how far the values are from the kept ones. */
  addUpdateTo(program: Program): void {
    program.onTeam((share) =>
      this.calls(share, 'update squares', this.store.values, this.squares.updates),
    )
  }

  ofGradient(parameter: Parameter): number {
    return this.sum(parameter, 'gradients') ?? this.plain.ofGradient(parameter)
  }

  ofValue(parameter: Parameter): number {
    return this.sum(parameter, 'values') ?? this.plain.ofValue(parameter)
  }

  /** The kernels' own are kept as they are measured. */
  keep(): void {
    this.plain.keep()
  }

  ofUpdate(parameter: Parameter): number {
    return this.sum(parameter, 'updates') ?? this.plain.ofUpdate(parameter)
  }

  private calls(share: Share, kernel: string, area: number, to: number): readonly Call[] {
    return [...this.stored.values()].flatMap(({ stored, first }) => {
      const [from, end] = part(panelCount(stored.columns), share)
      return Array.from({ length: end - from }, (_, i) => {
        const panel = from + i
        const offset = stored.offset + panel * stored.stride
        const sums = to + (first + panel) * ROW_BYTES
        return { kernel, operands: [area + offset, stored.rows, sums, this.kept + offset] }
      })
    })
  }

  /** null: not in the kernels' hands. The padding of the last panel may hold anything. */
  private sum(parameter: Parameter, of: keyof Squares): number | null {
    const found = this.stored.get(parameter)
    if (found === undefined) return null
    const from = (this.squares[of] + found.first * ROW_BYTES) / 4
    let sum = 0
    for (let column = 0; column < found.stored.columns; column++)
      sum += this.floats[from + column] as number
    return sum
  }
}
