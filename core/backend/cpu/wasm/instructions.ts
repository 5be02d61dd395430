/*
 * The WebAssembly instructions that the kernels use, as functions from operand code to code.
 * Binary encodings: WebAssembly core specification 2.0, relaxed SIMD and threads proposals.
 */

/** Encoded instructions, operands first. */
export type Code = readonly number[]

export type ValueType = 'i32' | 'i64' | 'f32' | 'v128'

export function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value >>> 0
  do {
    const low = rest & 0x7f
    rest >>>= 7
    bytes.push(rest === 0 ? low : low | 0x80)
  } while (rest !== 0)
  return bytes
}

export function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value | 0
  for (;;) {
    const low = rest & 0x7f
    rest >>= 7
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)
    bytes.push(done ? low : low | 0x80)
    if (done) return bytes
  }
}

function binary(...opcode: number[]): (a: Code, b: Code) => Code {
  return (a, b) => [...a, ...b, ...opcode]
}

function unary(...opcode: number[]): (a: Code) => Code {
  return (a) => [...a, ...opcode]
}

function vector(opcode: number): number[] {
  return [0xfd, ...unsigned(opcode)]
}

function loads(opcode: number[], alignment: number): (address: Code, offset?: number) => Code {
  return (address, offset = 0) => [...address, ...opcode, alignment, ...unsigned(offset)]
}

function stores(
  opcode: number[],
  alignment: number,
): (address: Code, value: Code, offset?: number) => Code {
  return (address, value, offset = 0) => [
    ...address,
    ...value,
    ...opcode,
    alignment,
    ...unsigned(offset),
  ]
}

export const i32 = {
  const: (value: number): Code => [0x41, ...signed(value)],
  load: loads([0x28], 2),
  load8u: loads([0x2d], 0),
  load16u: loads([0x2f], 1),
  store: stores([0x36], 2),
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  divU: binary(0x6e),
  and: binary(0x71),
  or: binary(0x72),
  shl: binary(0x74),
  shrU: binary(0x76),
  clz: unary(0x67),
  ctz: unary(0x68),
  popcnt: unary(0x69),
  eqz: unary(0x45),
  eq: binary(0x46),
  ltU: binary(0x49),
  gtU: binary(0x4b),
  leU: binary(0x4d),
  geU: binary(0x4f),
} as const

export const f32 = {
  const: (value: number): Code => [0x43, ...new Uint8Array(new Float32Array([value]).buffer)],
  load: loads([0x2a], 2),
  store: stores([0x38], 2),
  add: binary(0x92),
  sub: binary(0x93),
  mul: binary(0x94),
  div: binary(0x95),
  convertI32s: unary(0xb2),
  convertI32u: unary(0xb3),
} as const

export const v128 = {
  const: (bytes: readonly number[]): Code => [...vector(12), ...bytes],
  load: loads(vector(0x00), 4),
  load32Splat: loads(vector(0x09), 2),
  load64Splat: loads(vector(0x0a), 3),
  load64Zero: loads(vector(0x5d), 3),
  load32Zero: loads(vector(0x5c), 2),
  store: stores(vector(0x0b), 4),
  /** Stores the lower (lane 0) or the upper (1) 64 bits. */
  store64Lane: (address: Code, value: Code, lane: 0 | 1, offset = 0): Code => [
    ...address,
    ...value,
    ...vector(0x5b),
    3,
    ...unsigned(offset),
    lane,
  ],
  /** `a` with the 32 bits at `address` in one of its lanes. */
  load32Lane: (address: Code, a: Code, lane: number, offset = 0): Code => [
    ...address,
    ...a,
    ...vector(0x56),
    2,
    ...unsigned(offset),
    lane,
  ],
  /** Stores lane 0, 32 bits wide. */
  store32Lane: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    ...vector(0x5a),
    2,
    ...unsigned(offset),
    0,
  ],
  and: binary(...vector(78)),
  andnot: binary(...vector(79)),
  or: binary(...vector(80)),
  xor: binary(...vector(81)),
  /** Bits of `a` where `mask` is set, else of `b`. */
  bitselect: (a: Code, b: Code, mask: Code): Code => [...a, ...b, ...mask, ...vector(82)],
} as const

export const i8x16 = {
  splat: unary(...vector(15)),
  eq: binary(...vector(35)),
  ne: binary(...vector(36)),
  bitmask: unary(...vector(100)),
  /** Bytes of `a`, each that `b` names; 0 where it names none. */
  swizzle: binary(...vector(14)),
  /** `lanes`: 16 byte indices, 0..15 of `a`, 16..31 of `b`. */
  shuffle: (a: Code, b: Code, lanes: readonly number[]): Code => [
    ...a,
    ...b,
    ...vector(13),
    ...lanes,
  ],
} as const

/** Two vectors of wider numbers to one of narrower ones, saturating. */
export const narrow = {
  i32x4ToI16x8S: binary(...vector(133)),
  i16x8ToI8x16U: binary(...vector(102)),
} as const

export const i16x8 = {
  constant: (value: number): Code => [
    ...vector(12),
    ...new Uint8Array(Int16Array.from({ length: 8 }, () => value).buffer),
  ],
  add: binary(...vector(142)),
  sub: binary(...vector(145)),
  mul: binary(...vector(149)),
  minS: binary(...vector(150)),
  maxS: binary(...vector(152)),
  shrS: (a: Code, count: Code): Code => [...a, ...count, ...vector(140)],
  shrU: (a: Code, count: Code): Code => [...a, ...count, ...vector(141)],
  extendLowI8x16U: unary(...vector(137)),
  extendHighI8x16U: unary(...vector(138)),
} as const

/** Products of unsigned 32-bit numbers, 64 bits wide, of the lower and of the upper two lanes. */
/** Two float64. */
export const f64x2 = {
  /** Of lanes 0 and 1. */
  promoteLowF32x4: unary(...vector(95)),
  add: binary(...vector(240)),
  sub: binary(...vector(241)),
  mul: binary(...vector(242)),
} as const

export const i64x2 = {
  extmulLowI32x4U: binary(...vector(222)),
  extmulHighI32x4U: binary(...vector(223)),
} as const

export const i32x4 = {
  lanes: (values: readonly [number, number, number, number]): Code => [
    ...vector(12),
    ...new Uint8Array(new Int32Array(values).buffer),
  ],
  extractLane: (a: Code, lane: number): Code => [...a, ...vector(27), lane],
  minS: binary(...vector(182)),
  maxS: binary(...vector(184)),
  mul: binary(...vector(181)),
  bitmask: unary(...vector(164)),
  /** Products of signed 16-bit numbers, added in pairs. */
  dotI16x8S: binary(...vector(186)),
  /** The bits of a float32 in every lane. */
  bitsOf: (value: number): Code => f32x4.const(value),
  constant: (value: number): Code => [
    ...vector(12),
    ...new Uint8Array(new Int32Array([value, value, value, value]).buffer),
  ],
  eq: binary(...vector(55)),
  gtS: binary(...vector(59)),
  geU: binary(...vector(64)),
  splat: unary(...vector(17)),
  add: binary(...vector(174)),
  sub: binary(...vector(177)),
  shl: (a: Code, count: Code): Code => [...a, ...count, ...vector(171)],
  shrS: (a: Code, count: Code): Code => [...a, ...count, ...vector(172)],
  shrU: (a: Code, count: Code): Code => [...a, ...count, ...vector(173)],
  truncSatF32x4S: unary(...vector(248)),
  /** To lanes 0 and 1; the others become 0. */
  truncSatF64x2SZero: unary(...vector(252)),
  minU: binary(...vector(183)),
  extendHighI16x8U: unary(...vector(170)),
  extendLowI16x8U: unary(...vector(169)),
} as const

export const f32x4 = {
  splat: unary(...vector(19)),
  const: (value: number): Code => {
    const bytes = new Uint8Array(new Float32Array([value, value, value, value]).buffer)
    return [...vector(12), ...bytes]
  },
  lanes: (values: readonly [number, number, number, number]): Code => [
    ...vector(12),
    ...new Uint8Array(new Float32Array(values).buffer),
  ],
  extractLane: (a: Code, lane: number): Code => [...a, ...vector(31), lane],
  add: binary(...vector(228)),
  sub: binary(...vector(229)),
  mul: binary(...vector(230)),
  div: binary(...vector(231)),
  min: binary(...vector(232)),
  max: binary(...vector(233)),
  /** `b < a ? b : a`: one x86 instruction. */
  pmin: binary(...vector(234)),
  /** `a < b ? b : a`: one x86 instruction. */
  pmax: binary(...vector(235)),
  abs: unary(...vector(224)),
  neg: unary(...vector(225)),
  sqrt: unary(...vector(227)),
  ceil: unary(...vector(103)),
  floor: unary(...vector(104)),
  nearest: unary(...vector(106)),
  eq: binary(...vector(65)),
  lt: binary(...vector(67)),
  gt: binary(...vector(68)),
  ge: binary(...vector(70)),
  convertI32x4S: unary(...vector(250)),
  convertI32x4U: unary(...vector(251)),
  /** a * b + c, rounded once where the processor can. */
  relaxedMadd: (a: Code, b: Code, c: Code): Code => [...a, ...b, ...c, ...vector(0x105)],
} as const

export const memory = {
  /** Bytes from one address to another; the host's own memmove. */
  copy: (to: Code, from: Code, bytes: Code): Code => [
    ...to,
    ...from,
    ...bytes,
    ...[0xfc, 0x0a, 0x00, 0x00],
  ],
} as const

export const control = {
  /** Repeats `body` while `condition` holds, at least once. */
  doWhile: (body: Code, condition: Code): Code => [
    ...[0x03, 0x40],
    ...body,
    ...condition,
    ...[0x0d, 0x00, 0x0b],
  ],
  /** Repeats `body` while `condition` holds. */
  while: (condition: Code, body: Code): Code => [
    ...[0x02, 0x40, 0x03, 0x40],
    ...condition,
    ...[0x45, 0x0d, 0x01],
    ...body,
    ...[0x0c, 0x00, 0x0b, 0x0b],
  ],
  if: (condition: Code, yes: Code, no: Code = []): Code => [
    ...condition,
    ...[0x04, 0x40],
    ...yes,
    ...(no.length > 0 ? [0x05, ...no] : []),
    0x0b,
  ],
} as const

export function sequence(...parts: readonly Code[]): Code {
  return ([] as number[]).concat(...parts)
}
