/*
 * torch's random fills on the CPU. Each function draws from the generator exactly the words that torch draws,
 * in torch's order, and yields float32 values, also into a Float64Array: one seed is one network on every backend.
 * Uniform values and permutations agree bit for bit, normal values to float32 rounding (torch takes its logarithm
 * and cosine from the vector library it was built with).
 */
import { type Floats } from './floats'
import { type Mt19937 } from './mt19937'

const BLOCK = 16
const PAIR_OFFSET = BLOCK / 2

/** `torch.rand(n)`: float32 in [0, 1), multiples of 2^-24. */
export function rand(n: number, generator: Mt19937): Float32Array {
  const out = new Float32Array(n)
  for (let i = 0; i < n; i++) out[i] = nextUniform24(generator)
  return out
}

/** `torch.randn(n)`: float32, standard normal. */
export function randn(n: number, generator: Mt19937): Float32Array {
  const out = new Float32Array(n)
  normal_(out, 0, 1, generator)
  return out
}

/** `tensor.uniform_(from, to)`: fills `out` with float32 in [from, to). */
export function uniform_(out: Floats, from: number, to: number, generator: Mt19937): void {
  const low = Math.fround(from)
  const high = Math.fround(to)
  const range = Math.fround(high - low)
  for (let i = 0; i < out.length; i++) {
    const value = Math.fround(nextUniform24(generator) * range + low)
    out[i] = value === high ? low : value
  }
}

/**
 * `tensor.normal_(mean, std)`: fills `out` with float32. Below 16 values torch draws pairs in double precision and
 * keeps the unused half in the generator; from 16 on it turns blocks of 16 uniform values into normal ones, and when
 * 16 does not divide the length it draws the last 16 values anew.
 */
export function normal_(out: Floats, mean: number, std: number, generator: Mt19937): void {
  if (out.length < BLOCK) {
    for (let i = 0; i < out.length; i++) out[i] = Math.fround(nextNormal(generator) * std + mean)
    return
  }
  for (let i = 0; i < out.length; i++) out[i] = nextUniform24(generator)
  const lastBlock = out.length - BLOCK
  for (let start = 0; start <= lastBlock; start += BLOCK) boxMullerBlock(out, start, mean, std)
  if (out.length % BLOCK === 0) return
  for (let i = lastBlock; i < out.length; i++) out[i] = nextUniform24(generator)
  boxMullerBlock(out, lastBlock, mean, std)
}

/** `torch.randperm(n)`: a permutation of 0..n-1, for n below 2^32 / 20 (torch draws differently above). */
export function randperm(n: number, generator: Mt19937): Uint32Array {
  const order = new Uint32Array(n)
  for (let i = 0; i < n; i++) order[i] = i
  for (let i = 0; i < n - 1; i++) {
    const j = i + (generator.nextUint32() % (n - i))
    const swapped = order[i] as number
    order[i] = order[j] as number
    order[j] = swapped
  }
  return order
}

function nextUniform24(generator: Mt19937): number {
  return (generator.nextUint32() & 0xffffff) / 0x1000000
}

/** A double in [0, 1) with 53 random bits: two words, high word first, the top 11 bits dropped. */
function nextUniform53(generator: Mt19937): number {
  const high = generator.nextUint32() & 0x1fffff
  const low = generator.nextUint32()
  return (high * 0x100000000 + low) / 0x20000000000000
}

function nextNormal(generator: Mt19937): number {
  const spare = generator.spareNormal
  if (spare !== null) {
    generator.spareNormal = null
    return spare
  }
  const angle = 2 * Math.PI * nextUniform53(generator)
  const radius = Math.sqrt(-2 * Math.log1p(-nextUniform53(generator)))
  generator.spareNormal = radius * Math.sin(angle)
  return radius * Math.cos(angle)
}

/** Box-Muller on 16 uniform values from `start`: value j and value j + 8 become the normal pair j and j + 8. */
function boxMullerBlock(values: Floats, start: number, mean: number, std: number): void {
  for (let j = start; j < start + PAIR_OFFSET; j++) {
    const radius = Math.sqrt(-2 * Math.log(1 - (values[j] as number)))
    const angle = 2 * Math.PI * (values[j + PAIR_OFFSET] as number)
    values[j] = Math.fround(radius * Math.cos(angle) * std + mean)
    values[j + PAIR_OFFSET] = Math.fround(radius * Math.sin(angle) * std + mean)
  }
}
