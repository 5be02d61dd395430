/*
 * WGSL in pieces. A piece is text that declares functions and knows nothing of buffers, so that a kernel can keep its tensors as it
 * likes. There are two kinds:
 *
 * per element    pure functions whose names the caller chooses, because a kernel may hold several:
 *                activations.ts      fn NAME(x) -> y, fn NAMESlope(x, y) -> dy/dx
 *                noise.ts            fn NAME(x, element, step, seed) -> y, fn NAMESlope(x, element, step, seed) -> dy/dx
 *                update-rules.ts     fn NAME(state: NAMEState, gradient, scalars: NAMEScalars) -> NAMEState
 *
 * per row        functions with fixed names, one piece a module, that read and write through functions which the kernel declares
 *                (WGSL does not mind the order). `needs` in each piece's comment says which of these it calls:
 *                fn rowCount() -> u32                                  rows of this batch
 *                fn xAt(row: u32, column: u32) -> f32                  the layer's input
 *                fn yAt(row: u32, column: u32) -> f32                  the layer's output, in the backward pass
 *                fn setY(row: u32, column: u32, value: f32)
 *                fn dyAt(row: u32, column: u32) -> f32                 gradient of the output
 *                fn setDx(row: u32, column: u32, value: f32)
 *                fn weightAt(i: u32) -> f32, fn biasAt(i: u32) -> f32
 *                fn setWeightGradient(i: u32, value: f32), fn setBiasGradient(i: u32, value: f32)
 *                fn labelAt(row: u32) -> u32, fn divisor() -> f32      losses; divisor as core/nn/losses/loss.ts has it
 *                layer-passes-of.ts gives a layer's, losses.ts that of the loss: fn work(job: u32, lane: u32).
 *                Widths are constants in the text, the number of rows is not: the last batch may be ragged.
 *
 * Functions that share sums over a workgroup take `lane` (local_invocation_index) and must be called by all its invocations, outside
 * of any branch that depends on more than the workgroup. Sums run in a fixed order: the same input gives the same bits.
 */
export interface Piece {
  readonly code: string
  /** What `code` calls. */
  readonly uses?: readonly Piece[]
}

/** The text of a module: each piece once, and before it what it uses. */
export function wgslOf(...pieces: readonly Piece[]): string {
  const texts = new Set<string>()
  const add = ({ code, uses = [] }: Piece): void => {
    if (texts.has(code)) return
    uses.forEach(add)
    texts.add(code)
  }
  pieces.forEach(add)
  return [...texts].join('\n')
}

const LARGEST = 3.4028234663852886e38

/** A number as an f32 literal; what float32 cannot hold becomes its largest number. WGSL has no literal for infinity or NaN. */
export function f32(value: number): string {
  if (Number.isNaN(value)) throw new RangeError('WGSL has no literal for NaN')
  const rounded = Math.fround(Math.min(Math.max(value, -LARGEST), LARGEST))
  const digits = `${Math.abs(rounded)}`
  const literal = `${/[.e]/.test(digits) ? digits : `${digits}.0`}f`
  return rounded < 0 ? `(-${literal})` : literal
}

export function u32(value: number): string {
  return `${value >>> 0}u`
}
