const STATE_WORDS = 624
const SHIFT_WORDS = 397
const UPPER_BIT = 0x80000000
const LOWER_BITS = 0x7fffffff
const TWIST = 0x9908b0df

/** Everything a checkpoint needs to go on drawing where a generator stopped. */
export interface Mt19937State {
  /** The 624 words of the twister. */
  readonly words: Uint32Array
  /** How many of them are used up, 0..624; at 624 the next draw makes 624 new ones. */
  readonly index: number
  /** The sine half of a normal pair that torch keeps for its next small `normal_`, or null. */
  readonly spareNormal: number | null
}

/** A generator state that no generator can have written. */
export class GeneratorStateError extends Error {
  override readonly name = 'GeneratorStateError'
}

/**
 * torch's default CPU generator: MT19937 (Matsumoto & Nishimura 1998), seeded as `torch.manual_seed`
 * does it. The same seed gives the same 32-bit words as torch, bit for bit.
 */
export class Mt19937 {
  /** Set and used up by `normal_` only: torch keeps it in the generator, so it is part of the state. */
  spareNormal: number | null = null
  private readonly words = new Uint32Array(STATE_WORDS)
  private index = STATE_WORDS

  /** @param seed any integer; like torch, only its low 32 bits count */
  constructor(seed: number | bigint) {
    this.words[0] = Number(BigInt.asUintN(32, BigInt(seed)))
    for (let i = 1; i < STATE_WORDS; i++) {
      const previous = this.words[i - 1] as number
      this.words[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i
    }
  }

  static fromState(state: Mt19937State): Mt19937 {
    if (state.words.length !== STATE_WORDS)
      throw new GeneratorStateError(`expected ${STATE_WORDS} words, found ${state.words.length}`)
    if (!Number.isInteger(state.index) || state.index < 0 || state.index > STATE_WORDS)
      throw new GeneratorStateError(`expected an index in 0..${STATE_WORDS}, found ${state.index}`)
    const generator = new Mt19937(0)
    generator.words.set(state.words)
    generator.index = state.index
    generator.spareNormal = state.spareNormal
    return generator
  }

  /** A copy: later draws do not change it. */
  exportState(): Mt19937State {
    return { words: this.words.slice(), index: this.index, spareNormal: this.spareNormal }
  }

  /** Uniform in 0..2^32-1. */
  nextUint32(): number {
    if (this.index === STATE_WORDS) this.refill()
    let y = this.words[this.index++] as number
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }

  /** Uniform in 0..2^63-1, as `torch.empty((), dtype=torch.int64).random_()`: two words, high word first. */
  nextInt64(): bigint {
    const high = BigInt(this.nextUint32())
    const low = BigInt(this.nextUint32())
    return BigInt.asUintN(63, (high << 32n) | low)
  }

  private refill(): void {
    const { words } = this
    for (let i = 0; i < STATE_WORDS; i++) {
      const y =
        ((words[i] as number) & UPPER_BIT) | ((words[(i + 1) % STATE_WORDS] as number) & LOWER_BITS)
      const far = words[(i + SHIFT_WORDS) % STATE_WORDS] as number
      words[i] = far ^ (y >>> 1) ^ (y & 1 ? TWIST : 0)
    }
    this.index = 0
  }
}
