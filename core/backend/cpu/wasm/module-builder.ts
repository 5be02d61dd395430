import { type Code, type ValueType, sequence, unsigned } from './instructions'

const TYPE_BYTES: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  v128: 0x7b,
}

/** A parameter or local variable of one function. */
export interface Local {
  readonly get: Code
  readonly set: (value: Code) => Code
  readonly tee: (value: Code) => Code
}

export interface MemoryImport {
  readonly pages: number
  /** Shared memories need `maximum` = `pages`. */
  readonly shared: boolean
}

/** One function under construction: take `local`s, `emit` code, call it from others. */
export class FunctionBuilder {
  readonly index: number
  readonly parameters: readonly ValueType[]
  readonly exportName: string | null
  private readonly locals: ValueType[] = []
  private body: number[] = []

  constructor(index: number, parameters: readonly ValueType[], exportName: string | null) {
    this.index = index
    this.parameters = parameters
    this.exportName = exportName
  }

  parameter(position: number): Local {
    if (position >= this.parameters.length)
      throw new RangeError(`parameter ${position} of ${this.parameters.length}`)
    return makeLocal(position)
  }

  local(type: ValueType): Local {
    this.locals.push(type)
    return makeLocal(this.parameters.length + this.locals.length - 1)
  }

  emit(...code: readonly Code[]): void {
    this.body = this.body.concat(...code)
  }

  call(...operands: readonly Code[]): Code {
    return [...sequence(...operands), 0x10, ...unsigned(this.index)]
  }

  encode(): number[] {
    const declarations = this.locals.flatMap((type) => [1, TYPE_BYTES[type]])
    const content = [...unsigned(this.locals.length), ...declarations, ...this.body, 0x0b]
    return [...unsigned(content.length), ...content]
  }
}

/** Assembles functions without results over one imported memory, "env" "memory". */
export class ModuleBuilder {
  private readonly functions: FunctionBuilder[] = []

  function(parameters: readonly ValueType[], exportName: string | null = null): FunctionBuilder {
    const builder = new FunctionBuilder(this.functions.length, parameters, exportName)
    this.functions.push(builder)
    return builder
  }

  build(memory: MemoryImport): Uint8Array<ArrayBuffer> {
    const types = this.functions.map((f) => [
      0x60,
      ...counted(f.parameters.map((type) => [TYPE_BYTES[type]])),
      0x00,
    ])
    const limits = memory.shared
      ? [0x03, ...unsigned(memory.pages), ...unsigned(memory.pages)]
      : [0x00, ...unsigned(memory.pages)]
    const exports = this.functions.flatMap((f) =>
      f.exportName === null ? [] : [[...name(f.exportName), 0x00, ...unsigned(f.index)]],
    )
    return Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, counted(types)),
      ...section(2, counted([[...name('env'), ...name('memory'), 0x02, ...limits]])),
      ...section(3, counted(this.functions.map((f) => unsigned(f.index)))),
      ...section(7, counted(exports)),
      ...section(10, counted(this.functions.map((f) => f.encode()))),
    ])
  }
}

function makeLocal(index: number): Local {
  const operand = unsigned(index)
  return {
    get: [0x20, ...operand],
    set: (value) => [...value, 0x21, ...operand],
    tee: (value) => [...value, 0x22, ...operand],
  }
}

function name(text: string): number[] {
  return [text.length, ...Array.from(text, (letter) => letter.charCodeAt(0))]
}

function counted(items: readonly (readonly number[])[]): number[] {
  return unsigned(items.length).concat(...items)
}

function section(id: number, content: readonly number[]): number[] {
  return [id].concat(unsigned(content.length), content)
}
