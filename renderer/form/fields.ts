import * as z from 'zod'

/** The arguments of a class of torch as form fields, read from its schema. */
export interface Limits {
  readonly integer: boolean
  readonly min: number
  readonly aboveMin: boolean
  readonly max: number
  readonly belowMax: boolean
  readonly nullable: boolean
}

export type Field =
  | ({ readonly kind: 'number'; readonly name: string } & Limits)
  | { readonly kind: 'flag'; readonly name: string }
  | {
      readonly kind: 'choice'
      readonly name: string
      readonly options: readonly (string | number)[]
      readonly nullable: boolean
    }
  | { readonly kind: 'numbers'; readonly name: string; readonly items: readonly Limits[] }
  | {
      readonly kind: 'list'
      readonly name: string
      readonly item: Limits
      readonly nullable: boolean
    }
  /** Too rich for a line in a form; shown, not edited. */
  | { readonly kind: 'other'; readonly name: string; readonly required: boolean }

interface JsonSchema {
  readonly type?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly prefixItems?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
}

/** The word that tells the members of a union apart (`type`, `kind`) is no field. */
export function fieldsOf(schema: z.ZodType): Field[] {
  // Verified boundary: what zod writes is JSON Schema; the fields read here are those of the standard.
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  return Object.entries(json.properties ?? {})
    .filter(([, property]) => typeof property.const !== 'string')
    .map(([name, property]) => fieldOf(name, property, json.required?.includes(name) === true))
}

/** One member of a discriminated union. */
export interface UnionMember {
  readonly name: string
  readonly fields: readonly Field[]
}

/** The members of a union of objects that `tag` tells apart, with their fields. */
export function membersOf(options: readonly z.ZodObject[], tag: 'type' | 'kind'): UnionMember[] {
  return options.map((option) => {
    const literal = option.shape[tag]
    const name = literal instanceof z.ZodLiteral ? String(literal.value) : ''
    return { name, fields: fieldsOf(option) }
  })
}

/** What stands in a field's way, as a message key with its numbers; null where the value is allowed. */
export function limitProblem(
  limits: Limits,
  value: number | null,
): { key: 'number' | 'whole' | 'atLeast' | 'above' | 'atMost' | 'below'; limit: number } | null {
  if (value === null) return limits.nullable ? null : { key: 'number', limit: 0 }
  if (Number.isNaN(value)) return { key: limits.integer ? 'whole' : 'number', limit: 0 }
  if (limits.integer && !Number.isInteger(value)) return { key: 'whole', limit: 0 }
  if (limits.aboveMin && value <= limits.min) return { key: 'above', limit: limits.min }
  if (value < limits.min) return { key: 'atLeast', limit: limits.min }
  if (limits.belowMax && value >= limits.max) return { key: 'below', limit: limits.max }
  if (value > limits.max) return { key: 'atMost', limit: limits.max }
  return null
}

function fieldOf(name: string, given: JsonSchema, required: boolean): Field {
  const others = given.anyOf?.filter((option) => option.type !== 'null')
  const nullable = given.anyOf !== undefined && others?.length !== given.anyOf.length
  const schema = others?.length === 1 ? (others[0] ?? given) : given
  if (schema.type === 'boolean') return { kind: 'flag', name }
  const words = (schema.enum ?? [schema.const]).filter(
    (word) => typeof word === 'string' || typeof word === 'number',
  )
  if (words.length > 0) return { kind: 'choice', name, options: words, nullable }
  if (isNumeric(schema)) return { kind: 'number', name, ...limitsOf(schema, nullable) }
  if (schema.type === 'array' && schema.prefixItems?.every(isNumericOrNull) === true)
    return {
      kind: 'numbers',
      name,
      items: schema.prefixItems.map((item) => {
        const inner = item.anyOf?.find(isNumeric)
        return limitsOf(inner ?? item, inner !== undefined)
      }),
    }
  if (schema.type === 'array' && schema.items !== undefined && isNumeric(schema.items))
    return { kind: 'list', name, item: limitsOf(schema.items, false), nullable }
  return { kind: 'other', name, required }
}

function isNumeric({ type }: JsonSchema): boolean {
  return type === 'number' || type === 'integer'
}

function isNumericOrNull(schema: JsonSchema): boolean {
  return isNumeric(schema) || schema.anyOf?.some(isNumeric) === true
}

function limitsOf(schema: JsonSchema, nullable: boolean): Limits {
  return {
    integer: schema.type === 'integer',
    min: schema.exclusiveMinimum ?? schema.minimum ?? -Infinity,
    aboveMin: schema.exclusiveMinimum !== undefined,
    max: schema.exclusiveMaximum ?? schema.maximum ?? Infinity,
    belowMax: schema.exclusiveMaximum !== undefined,
    nullable,
  }
}
