/* WGSL functions that read and write matrices of the arena. */
import type { NormalizeSpec } from '#core/spec/dataset'
import type { Matrix } from './arena-layout'
import { f32, type Piece, u32 } from './wgsl/piece'

/** The images of the batch: bytes, four a word, as rows of normalised numbers. */
export interface ImageSource {
  readonly features: number
  readonly normalize: NormalizeSpec
}

/** What a layer reads. */
export type Source =
  | { readonly kind: 'images'; readonly images: ImageSource }
  | { readonly kind: 'matrix'; readonly matrix: Matrix }

export function widthOf(source: Source): number {
  return source.kind === 'images' ? source.images.features : source.matrix.width
}

/** Floats of a row, the padding to whole quads included. */
export function strideOf(source: Source): number {
  return Math.ceil(widthOf(source) / 4) * 4
}

/** fn NAME(row, column) -> vec4: columns `column`.. of a row; zero beyond `rows` (null: not looked at) and beyond the stride. */
export function quadReader(name: string, source: Source, rows: number | null): string {
  const inside = [
    ...(rows === null ? [] : [`row >= ${u32(rows)}`]),
    `column >= ${u32(strideOf(source))}`,
  ].join(' || ')
  return `fn ${name}(row: u32, column: u32) -> vec4<f32> {
  if (${inside}) { return vec4<f32>(0.0); }
  ${source.kind === 'images' ? pixelQuad(source.images, `imageOf(row) * ${u32(imageWords(source.images))}`) : `return ${quadOf(source.matrix, 'row', 'column')};`}
}`
}

/**
 * fn NAMELine(row) -> u32, where a row begins, and fn NAME(line, column) -> vec4 of what it found: as `quadReader`, for whoever reads
 * many columns of a row.
 */
export function lineReader(name: string, source: Source, rows: number): string {
  const begin =
    source.kind === 'images'
      ? `imageOf(row) * ${u32(imageWords(source.images))}`
      : `base + ${u32(source.matrix.offset / 4)} + row * ${u32(source.matrix.stride / 4)}`
  return `fn ${name}Line(row: u32) -> u32 {
  if (row >= ${u32(rows)}) { return 0xffffffffu; }
  return ${begin};
}
fn ${name}(line: u32, column: u32) -> vec4<f32> {
  if (line == 0xffffffffu || column >= ${u32(strideOf(source))}) { return vec4<f32>(0.0); }
  ${source.kind === 'images' ? pixelQuad(source.images, 'line') : 'return arena[line + column / 4u];'}
}`
}

function imageWords({ features }: ImageSource): number {
  return Math.ceil(features / 4)
}

/** Returns the quad of pixels at `column` of the image that begins at the word `first`. */
function pixelQuad({ features, normalize }: ImageSource, first: string): string {
  const scale = f32(1 / (255 * normalize.std))
  const shift = f32(-normalize.mean / normalize.std)
  return `let w = images[${first} + column / 4u];
  let grey = vec4<f32>(vec4<u32>(w, w >> 8u, w >> 16u, w >> 24u) & vec4<u32>(255u));
  return ${masked(`grey * ${scale} + ${shift}`, 'column', features)};`
}

/** The quad of the arena that begins at `column`. */
export function quadOf({ offset, stride }: Matrix, row: string, column: string): string {
  return `arena[base + ${u32(offset / 4)} + ${row} * ${u32(stride / 4)} + ${column} / 4u]`
}

/** The float of the arena at `column`, for kernels that see floats. */
export function floatOf({ offset, stride }: Matrix, row: string, column: string): string {
  return `arena[base + ${u32(offset)} + ${row} * ${u32(stride)} + ${column}]`
}

/** `quad` with zeros in the columns from `width` on. */
export function masked(quad: string, column: string, width: number): string {
  if (width % 4 === 0) return quad
  return `select(vec4<f32>(0.0), ${quad}, vec4<u32>(${column}) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(${u32(width)}))`
}

/** A function of one number, applied to the four of each argument. */
export function perElement(name: string, ...quads: readonly string[]): string {
  const at = (part: string) => `${name}(${quads.map((quad) => `${quad}.${part}`).join(', ')})`
  return `vec4<f32>(${['x', 'y', 'z', 'w'].map(at).join(', ')})`
}

/** An elementwise activation as wgsl/activations.ts writes it: fn NAME(x), fn NAMESlope(x, y). */
export interface NamedActivation {
  readonly name: string
  readonly piece: Piece
}

/**
 * Where the gradient of the loss with respect to a layer's output goes. A Linear layer with an elementwise activation behind it is
 * one unit: the gradient of the activation's output becomes that of the sum before it at once.
 */
export interface GradientTarget {
  readonly gradient: Matrix
  readonly before: {
    readonly activation: NamedActivation
    readonly sum: Matrix
    readonly output: Matrix
    readonly gradient: Matrix
  } | null
}

export function targetPieces({ before }: GradientTarget): readonly Piece[] {
  return before === null ? [] : [before.activation.piece]
}

/** fn storeGradient(row, column, value: vec4), for kernels that see quads. */
export function quadGradientWriter({ gradient, before }: GradientTarget, rows: number): string {
  return `fn storeGradient(row: u32, column: u32, value: vec4<f32>) {
  if (!live || row >= ${u32(rows)} || column >= ${u32(gradient.stride)}) { return; }
  ${quadOf(gradient, 'row', 'column')} = value;
  ${
    before === null
      ? ''
      : `let x = ${quadOf(before.sum, 'row', 'column')};
  let y = ${quadOf(before.output, 'row', 'column')};
  ${quadOf(before.gradient, 'row', 'column')} = ${masked(`value * ${perElement(`${before.activation.name}Slope`, 'x', 'y')}`, 'column', gradient.width)};`
  }
}`
}

/** fn storeGradient(row, column, value: f32), for kernels that see floats. */
export function floatGradientWriter({ gradient, before }: GradientTarget): string {
  return `fn storeGradient(row: u32, column: u32, value: f32) {
  if (!live) { return; }
  ${floatOf(gradient, 'row', 'column')} = value;
  ${
    before === null
      ? ''
      : `${floatOf(before.gradient, 'row', 'column')} = value * ${before.activation.name}Slope(${floatOf(before.sum, 'row', 'column')}, ${floatOf(before.output, 'row', 'column')});`
  }
}`
}
