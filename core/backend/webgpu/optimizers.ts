import type { Network } from '#core/nn/network'
import { parameterGroups } from '#core/optim/parameter-groups'
import type { OptimizerSpec } from '#core/spec/optimizers'
import type { RunSpec } from '#core/spec/run-spec'
import { firstMomentum } from '../first-momentum'
import { trainable } from '../trainable'
import { TABLE } from './kernel'
import { type OptimizerRule, optimizerRule, slotsOf, textOf } from './optimizer-rule'
import { u32 } from './wgsl/piece'
import type { UpdateRule } from './wgsl/update-rule'

/** torch's param_group of one run. */
export interface UpdateGroup {
  readonly rule: OptimizerRule
  /** Of the rule's text among those of all runs. */
  readonly number: number
  readonly weightDecay: number
  readonly parameters: readonly { readonly name: string }[]
}

/**
 * What the optimizers of all runs of a group do to their parameters, which have the same names and shapes. A cell are the parameters
 * that no run tells apart: kernels name it, and each run finds its own scalars there.
 */
export class Optimizers {
  /** Rules with different texts, number i under the name `optimize{i}`. */
  readonly rules: readonly OptimizerRule[]
  /** [runs][groups] */
  readonly runs: readonly (readonly UpdateGroup[])[]
  /** [cells][runs] number of the group that the cell belongs to */
  readonly cells: readonly (readonly number[])[]
  private readonly cellNumbers: ReadonlyMap<string, number>

  constructor(specs: readonly RunSpec[], network: Network) {
    const parameters = network.parameters.map((parameter) => trainable(parameter))
    const rules: OptimizerRule[] = []
    const numbers = new Map<string, number>()
    const numbered = (spec: OptimizerSpec, momentum: number | null) => {
      const text = textOf(optimizerRule(spec, momentum, 'optimize'))
      const number = numbers.get(text) ?? numbers.size
      numbers.set(text, number)
      const rule = optimizerRule(spec, momentum, `optimize${number}`)
      rules[number] ??= rule
      return { rule, number }
    }
    this.runs = specs.map((run) => {
      const momentum = firstMomentum(run)
      return parameterGroups(run.optimizer, parameters).map(({ spec, ...group }) => ({
        ...group,
        ...numbered(spec, momentum),
      }))
    })
    this.rules = rules
    const cells = new Map<string, readonly number[]>()
    const cellNumbers = new Map<string, number>()
    for (const { name } of parameters) {
      const groups = this.runs.map((own) =>
        own.findIndex((group) => group.parameters.some((member) => member.name === name)),
      )
      const key = groups.join()
      if (!cells.has(key)) cells.set(key, groups)
      cellNumbers.set(name, [...cells.keys()].indexOf(key))
    }
    this.cells = [...cells.values()]
    this.cellNumbers = cellNumbers
  }

  /** Scalars that each cell has room for. */
  get scalarsPerCell(): number {
    return Math.max(...this.rules.map(({ rule }) => rule.scalars.length))
  }

  /** Slots that each parameter has room for. */
  get slotCount(): number {
    const counts = this.rules.map((rule) => slotsOf(rule, [1, 1]).length)
    return Math.max(...counts)
  }

  /** Those that treat each element by itself, and their numbers. */
  get elementRules(): readonly { readonly rule: UpdateRule; readonly number: number }[] {
    return this.rules.flatMap((own, number) =>
      own.kind === 'elements' ? [{ rule: own.rule, number }] : [],
    )
  }

  /** The number of the rule of a kind that is not written element by element; that of no rule where there is none. */
  numberOf(kind: Exclude<OptimizerRule['kind'], 'elements'>): number {
    const number = this.rules.findIndex((rule) => rule.kind === kind)
    return number === -1 ? this.rules.length : number
  }

  /** The rules that runs apply to a parameter. */
  rulesOf(parameter: string): readonly OptimizerRule[] {
    return this.runs.flatMap((_, run) => this.ruleOf(run, parameter) ?? [])
  }

  cellOf(parameter: string): number {
    return this.cellNumbers.get(parameter) ?? 0
  }

  /** The rule that a run applies to a parameter. */
  ruleOf(run: number, parameter: string): OptimizerRule | null {
    const group = this.cells[this.cellOf(parameter)]?.[run] ?? 0
    return this.runs[run]?.[group]?.rule ?? null
  }

  /** fn ruleOf(cell) -> u32: the number of the rule that the run at hand applies to a cell. */
  get ruleFunction(): string {
    const numbers = this.runs.flatMap((groups, run) =>
      this.cells.map((cell) => u32(groups[cell[run] ?? 0]?.number ?? 0)),
    )
    const [only] = numbers
    if (only !== undefined && numbers.every((number) => number === only))
      return `fn ruleOf(cell: u32) -> u32 { return ${only}; }`
    return `const ruleNumbers = array<u32, ${numbers.length}>(${numbers.join(', ')});
fn ruleOf(cell: u32) -> u32 { var numbers = ruleNumbers; return numbers[run * ${u32(this.cells.length)} + cell]; }`
  }

  /** Where the scalars of a cell begin in a row of the table. */
  firstScalar(cell: string): string {
    return `${u32(TABLE.scalars)} + ${cell} * ${u32(this.scalarsPerCell)}`
  }
}
