/* What a step does with all parameters or gradients beside the optimizer: clipping, max-norm, averages. By whole panels. */
import type { RunSpec } from '#core/spec/run-spec'
import type { Arena } from './arena'
import {
  averagePass,
  clampPass,
  maxNormPass,
  scalePass,
  squaresPass,
} from './kernels/parameter-passes'
import type { SimdTarget } from './kernels/target'
import { panelCount, ROW_BYTES } from './panels'
import type { ParameterStore, StoredParameter } from './parameter-store'
import { type Call, part, type Share } from './program'
import type { ModuleBuilder } from './wasm/module-builder'

export class ParameterConstraints {
  private readonly store: ParameterStore
  /** Address of one float32: what gradients are scaled by, or the share of fresh values in an average. */
  private readonly factor: number
  /** Addresses of one float32 a panel: the sum of its squares. */
  private readonly squares: number
  private readonly panels: number
  private floats: Float32Array = new Float32Array(0)

  constructor(
    arena: Arena,
    module: ModuleBuilder,
    target: SimdTarget,
    store: ParameterStore,
    { clipGradNorm, clipGradValue, maxNorm, averaging }: RunSpec['training'],
  ) {
    this.store = store
    this.panels = store.stored.reduce((sum, { columns }) => sum + panelCount(columns), 0)
    this.factor = arena.reserve(4)
    this.squares = arena.reserve(this.panels * 4)
    if (clipGradNorm !== null) {
      squaresPass(module, target, 'squares')
      scalePass(module, 'scale', this.factor)
    }
    if (clipGradValue !== null) clampPass(module, 'clamp', clipGradValue)
    if (maxNorm !== null) maxNormPass(module, target, 'max norm', maxNorm)
    if (averaging !== null) averagePass(module, target, 'average', this.factor)
  }

  attach(floats: Float32Array): void {
    this.floats = floats
  }

  setFactor(factor: number): void {
    this.floats[this.factor / 4] = factor
  }

  /** 2-norm of all gradients, from what `squaresCalls` left: added up in double precision, in one order. */
  norm(): number {
    let sum = 0
    for (let i = 0; i < this.panels; i++) sum += this.floats[this.squares / 4 + i] as number
    return Math.sqrt(sum)
  }

  squaresCalls(share: Share): readonly Call[] {
    const { gradients } = this.store
    return this.perPanel(share, 'squares', (offset, bytes, panel) => [
      gradients + offset,
      bytes,
      this.squares + panel * 4,
    ])
  }

  gradientCalls(share: Share, kernel: 'scale' | 'clamp'): readonly Call[] {
    const { gradients } = this.store
    return this.perPanel(share, kernel, (offset, bytes) => [gradients + offset, bytes])
  }

  maxNormCalls(share: Share): readonly Call[] {
    const { values } = this.store
    return this.perPanel(
      share,
      'max norm',
      (offset, bytes) => [values + offset, bytes],
      ({ parameter }) => parameter.kind === 'weight',
    )
  }

  averageCalls(share: Share): readonly Call[] {
    const { values, averages } = this.store
    if (averages === null) return []
    return this.perPanel(share, 'average', (offset, bytes) => [
      values + offset,
      averages + offset,
      bytes,
    ])
  }

  private perPanel(
    share: Share,
    kernel: string,
    operands: (offset: number, bytes: number, panel: number) => readonly number[],
    takes: (stored: StoredParameter) => boolean = () => true,
  ): readonly Call[] {
    let before = 0
    return this.store.stored.flatMap((stored) => {
      const first = before
      before += panelCount(stored.columns)
      if (!takes(stored)) return []
      const [from, to] = part(panelCount(stored.columns), share)
      return Array.from({ length: to - from }, (_, i) => {
        const panel = from + i
        const offset = stored.offset + panel * stored.stride
        return { kernel, operands: operands(offset, stored.rows * ROW_BYTES, first + panel) }
      })
    })
  }
}
