/*
 * The network's parameters in the engine's memory: values, gradients and optimizer state side by side at the same offsets, weights
 * in panels. The plain network (core/nn) keeps row-major copies under torch's names; `pull` and `push` carry them over.
 */
import type { Network } from '#core/nn/network'
import type { Parameter } from '#core/nn/module'
import { parameterGroups } from '#core/optim/parameter-groups'
import type { RunSpec } from '#core/spec/run-spec'
import { trainable } from '../trainable'
import type { Arena } from './arena'
import type { RuleStep, UpdateRule } from './kernels/update-rules'
import {
  type PanelMatrix,
  panelCount,
  panelStride,
  readTransposed,
  ROW_BYTES,
  writeTransposed,
} from './panels'
import { type Call, part, type Share } from './program'

/** Bytes of one parameter group's constants. */
const GROUP_BYTES = 64

export interface StoredParameter {
  readonly parameter: Parameter
  /** Bytes from the start of each of the store's areas. */
  readonly offset: number
  /** [in, out] for weights of Linear layers, [1, n] for everything else. */
  readonly rows: number
  readonly columns: number
  readonly stride: number
  readonly group: number
  readonly weightDecay: number
  /** Whether the plain network computes with it, so that both copies must agree after every step. */
  readonly plain: boolean
}

export class ParameterStore {
  readonly stored: readonly StoredParameter[]
  readonly values: number
  readonly gradients: number
  readonly slots: readonly number[]
  /** Where averages of the values are kept; null: nowhere, or by the plain state. */
  readonly averages: number | null
  readonly bytes: number
  private readonly constants: number
  private readonly rule: UpdateRule | null
  private floats: Float32Array = new Float32Array(0)

  /** linear: the names of the weights and biases that kernels compute with. */
  constructor(
    arena: Arena,
    spec: RunSpec,
    network: Network,
    linear: ReadonlySet<string>,
    rule: UpdateRule | null,
  ) {
    this.rule = rule
    const groups = parameterGroups(
      spec.optimizer,
      network.parameters.map((parameter) => ({ ...trainable(parameter), parameter })),
    )
    const groupOf = (name: string) =>
      groups.findIndex(({ parameters }) => parameters.some((member) => member.name === name))
    let offset = 0
    this.stored = network.parameters.map((parameter) => {
      const { name, shape, value } = parameter
      const isMatrix = linear.has(name) && shape.length === 2
      const rows = isMatrix ? (shape[1] ?? 0) : 1
      const columns = isMatrix ? (shape[0] ?? 0) : value.length
      const stride = isMatrix ? panelStride(rows) : ROW_BYTES
      const group = groupOf(name)
      const stored = {
        parameter,
        offset,
        rows,
        columns,
        stride,
        group,
        weightDecay: groups[group]?.weightDecay ?? 0,
        plain: !linear.has(name),
      }
      offset += Math.ceil((panelCount(columns) * stride) / 256) * 256
      return stored
    })
    this.bytes = offset
    arena.charge('parameters')
    this.values = arena.reserve(offset)
    arena.charge('gradients')
    this.gradients = arena.reserve(offset)
    arena.charge('optimizerState')
    this.slots = rule === null ? [] : rule.slots.map(() => arena.reserve(offset))
    this.averages = rule === null || spec.training.averaging === null ? null : arena.reserve(offset)
    arena.charge('other')
    this.constants = arena.reserve(groups.length * GROUP_BYTES)
  }

  /** All of the memory, once it exists. */
  attach(floats: Float32Array): void {
    this.floats = floats
    for (const [i, slot] of (this.rule?.slots ?? []).entries())
      for (const stored of this.stored) this.fill(stored, this.slots[i] ?? 0, slot.initial)
  }

  of(name: string): StoredParameter {
    const found = this.stored.find(({ parameter }) => parameter.name === name)
    if (found === undefined) throw new RangeError(`there is no parameter ${name}`)
    return found
  }

  matrix(stored: StoredParameter, area: number): PanelMatrix {
    const { offset, rows, columns, stride } = stored
    return { address: area + offset, rows, columns, stride }
  }

  constantsOf(stored: StoredParameter): number {
    return this.constants + stored.group * GROUP_BYTES
  }

  /** Sets what the kernels' update of the coming step depends on. */
  setStep(lrs: ArrayLike<number>, momentum: number | null, step: number): void {
    const { rule } = this
    if (rule === null) return
    for (const stored of this.stored) {
      const at: RuleStep = {
        lr: lrs[stored.group] ?? 0,
        weightDecay: stored.weightDecay,
        momentum,
        step,
      }
      this.floats.set(rule.constants(at), this.constantsOf(stored) / 4)
    }
  }

  /** Updates everything from the stored gradients. */
  updateCalls(share: Share): readonly Call[] {
    return this.stored.flatMap((stored) => {
      const [from, to] = part(panelCount(stored.columns), share)
      return Array.from({ length: to - from }, (_, i) => {
        const offset = stored.offset + (from + i) * stored.stride
        return {
          kernel: 'update',
          operands: [
            this.gradients + offset,
            offset,
            stored.rows * ROW_BYTES,
            this.constantsOf(stored),
          ],
        }
      })
    })
  }

  /** From the plain network's arrays into the engine's memory. */
  push(
    what: 'values' | 'gradients',
    only: (stored: StoredParameter) => boolean = () => true,
  ): void {
    for (const stored of this.stored) {
      if (!only(stored)) continue
      const { value, grad } = stored.parameter
      writeTransposed(
        this.floats,
        this.matrix(stored, this[what]),
        what === 'values' ? value : grad,
      )
    }
  }

  /** From the engine's memory into the plain network's arrays. */
  pull(
    what: 'values' | 'gradients',
    only: (stored: StoredParameter) => boolean = () => true,
  ): void {
    for (const stored of this.stored) {
      if (!only(stored)) continue
      const { value, grad } = stored.parameter
      readTransposed(this.floats, this.matrix(stored, this[what]), what === 'values' ? value : grad)
    }
  }

  /** A parameter's part of one of the areas, as torch lays it out. */
  read(stored: StoredParameter, area: number): Float32Array {
    const values = new Float32Array(stored.parameter.value.length)
    readTransposed(this.floats, this.matrix(stored, area), values)
    return values
  }

  write(stored: StoredParameter, area: number, values: Float32Array | Float64Array): void {
    writeTransposed(this.floats, this.matrix(stored, area), values)
  }

  /** Exchanges values and averages. Calling it twice leaves everything as it was. */
  swapAverages(): void {
    if (this.averages === null) return
    const [values, averages] = [this.values, this.averages].map((area) =>
      this.floats.subarray(area / 4, (area + this.bytes) / 4),
    )
    if (values === undefined || averages === undefined) return
    const present = values.slice()
    values.set(averages)
    averages.set(present)
  }

  /** [all values or gradients, padding included]; a parameter's begin at its offset. */
  view(what: 'values' | 'gradients'): Float32Array {
    return this.floats.subarray(this[what] / 4, (this[what] + this.bytes) / 4)
  }

  private fill(stored: StoredParameter, area: number, value: number): void {
    if (value === 0) return
    const values = new Float32Array(stored.parameter.value.length).fill(value)
    writeTransposed(this.floats, this.matrix(stored, area), values)
  }
}
