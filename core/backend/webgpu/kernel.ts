/*
 * What all kernels share. A session's tensors live in one buffer, the arena; each kernel sees it as quads (vec4) or as single
 * floats. Offsets and strides are constants in the text. The z coordinate of a workgroup is the run: every run of a race has an
 * arena of its own, at a constant distance.
 *
 * Steps are counted on the GPU, so that hundreds of them go into one submit: the first kernel of a step reads `next` and writes
 * `current`, all others read `current`, the one with `advances` writes `next`. None reads what its own dispatch writes.
 *
 * A loss that is not finite stops the block: its row goes to `failing`. From there on kernels still run and write nothing: those
 * that compute up to the failing step included, those that change parameters up to the one before it.
 */
import { type Piece, u32, wgslOf } from './wgsl/piece'

/** Constants of a session that all its kernels know. */
export interface KernelFrame {
  /** Floats from the arena of one run to that of the next; a multiple of 4. */
  readonly runStride: number
  /** Rows of the table for each run. */
  readonly tableRows: number
  /** Words of a row of the table. */
  readonly tableWords: number
}

/** Words at the front of each row of the table; the scalars of the parameter groups follow. */
export const TABLE = {
  firstImage: 0,
  rowCount: 1,
  metric: 2,
  optimizerStep: 3,
  divisor: 4,
  accumulate: 5,
  rowInBatch: 6,
  averageKeep: 7,
  averageTake: 8,
  seed: 9,
  scalars: 12,
} as const

/** Words of a run's part of the control buffer. */
export const CONTROL_WORDS = 4
export const NOT_FAILING = 0xffffffff

export interface Kernel {
  readonly label: string
  /** Invocations of a workgroup. */
  readonly threads: number
  readonly elements: 'quads' | 'floats'
  /** Changes parameters, so that it stops one step earlier than what computes. */
  readonly updates: boolean
  readonly pieces: readonly Piece[]
  /** Declarations of this kernel. */
  readonly declarations: string
  /** Statements; `job: u32` (the workgroup) and `lane: u32` are uniform and not. */
  readonly body: string
  /** Workgroups for so many rows. */
  jobs(rows: number): number
}

/** Place of a kernel among those of a step. */
export interface Place {
  readonly first: boolean
  readonly advances: boolean
}

export function kernelCode(kernel: Kernel, frame: KernelFrame, place: Place): string {
  const { threads, elements, updates, pieces, declarations, body } = kernel
  const quads = elements === 'quads'
  return `struct Control { current: u32, next: u32, failing: atomic<u32>, spare: u32 }
@group(0) @binding(0) var<storage, read_write> arena: array<${quads ? 'vec4<f32>' : 'f32'}>;
@group(0) @binding(1) var<storage, read> images: array<u32>;
@group(0) @binding(2) var<storage, read> table: array<u32>;
@group(0) @binding(3) var<storage, read> imageRows: array<vec2<u32>>;
@group(0) @binding(4) var<storage, read_write> metrics: array<vec2<f32>>;
@group(0) @binding(5) var<storage, read_write> control: array<Control>;
var<private> base: u32;
var<private> run: u32;
var<private> step: u32;
var<private> live: bool;
fn word(i: u32) -> u32 { return table[(run * ${u32(frame.tableRows)} + step) * ${u32(frame.tableWords)} + i]; }
fn scalar(i: u32) -> f32 { return bitcast<f32>(word(i)); }
fn rowCount() -> u32 { return word(${u32(TABLE.rowCount)}); }
fn divisor() -> f32 { return scalar(${u32(TABLE.divisor)}); }
fn imageOf(row: u32) -> u32 { return imageRows[word(${u32(TABLE.firstImage)}) + row].x; }
fn labelAt(row: u32) -> u32 { return imageRows[word(${u32(TABLE.firstImage)}) + row].y; }
fn isFinite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u; }
fn failHere() { atomicMin(&control[run].failing, step); }
${wgslOf(...pieces)}
${declarations}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let job = group.y * groups.x + group.x;
  run = group.z;
  base = group.z * ${u32(frame.runStride / (quads ? 4 : 1))};
  step = control[group.z].${place.first ? 'next' : 'current'};
  live = step ${updates ? '<' : '<='} atomicLoad(&control[group.z].failing);
  ${place.first ? 'if (job == 0u && lane == 0u) { control[group.z].current = step; }' : ''}
  ${place.advances ? 'if (job == 0u && lane == 0u) { control[group.z].next = step + 1u; }' : ''}
${body}
}
`
}

const MOST_GROUPS = 65535

/** x and y of a dispatch of `jobs` workgroups; those past the last have a `job` that the kernels pass over. */
export function gridOf(jobs: number): readonly [x: number, y: number] {
  if (jobs <= MOST_GROUPS) return [jobs, 1]
  const y = Math.ceil(jobs / MOST_GROUPS)
  return [Math.ceil(jobs / y), y]
}
