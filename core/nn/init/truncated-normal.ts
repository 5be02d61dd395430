import type { Floats } from '#core/tensor/floats'
import type { Mt19937 } from '#core/tensor/mt19937'
import { normal_, uniform_ } from '#core/tensor/torch-random'
import { erf } from '../activations/erf'

/** An interval so far out that drawing into it would not end. */
export class TruncationError extends Error {
  override readonly name = 'TruncationError'
}

const MOST_ROUNDS = 1000

/**
 * torch.nn.init.trunc_normal_: normal values, those outside [a, b] drawn anew. Every round draws for the whole
 * tensor and keeps what is missing, as torch does, so that the generator ends where torch's ends.
 * @throws TruncationError where the interval holds next to nothing of the distribution
 */
export function truncatedNormal_(
  out: Floats,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: Mt19937,
): void {
  const share = normalCdf((b - mean) / std) - normalCdf((a - mean) / std)
  if (share > 0.3) redrawOutside(out, mean, std, a, b, generator)
  else rejectUniform(out, mean, std, a, b, generator)
}

function redrawOutside(
  out: Floats,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: Mt19937,
): void {
  const low = Math.fround(a)
  const high = Math.fround(b)
  const isOutside = (value: number): boolean => value < low || value > high
  const fresh = new Float32Array(out.length)
  normal_(out, mean, std, generator)
  while (out.some(isOutside)) {
    normal_(fresh, mean, std, generator)
    for (let i = 0; i < out.length; i++)
      if (isOutside(out[i] as number)) out[i] = fresh[i] as number
  }
}

/** Uniform values in [a, b], each accepted with the density's share of its largest value in the interval. */
function rejectUniform(
  out: Floats,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: Mt19937,
): void {
  const mode = Math.max(a, Math.min(mean, b))
  const logPeak = -0.5 * ((mode - mean) / std) ** 2
  const logDensity = (value: number): number => {
    const z = Math.fround(Math.fround(value - mean) / std)
    return Math.fround(Math.fround(Math.fround(z * z) * -0.5) - logPeak)
  }
  const candidates = new Float32Array(out.length)
  const chances = new Float32Array(out.length)
  const pending = new Uint8Array(out.length).fill(1)
  for (let round = 0; pending.includes(1); round++) {
    if (round === MOST_ROUNDS)
      throw new TruncationError(
        `trunc_normal_: [${a}, ${b}] holds next to nothing of a normal distribution with mean ${mean} and std ${std}`,
      )
    uniform_(candidates, a, b, generator)
    uniform_(chances, 0, 1, generator)
    for (let i = 0; i < out.length; i++) {
      if (pending[i] === 0) continue
      const candidate = candidates[i] as number
      out[i] = candidate
      if (Math.fround(Math.log(chances[i] as number)) <= logDensity(candidate)) pending[i] = 0
    }
  }
}

function normalCdf(x: number): number {
  return 0.5 * (1 + erf(x * Math.SQRT1_2))
}
