import type { StandardNet } from './standard-nets'

/** Something that trains standard nets and says how long it took. */
export interface Contender {
  readonly name: string
  /** Variants of one program share it: ratios are taken against the fastest of a family. */
  readonly family: string
  readonly threads: number
  readonly device: 'cpu' | 'gpu'
  /** Trains `net.steps` steps, or fewer where it is slow, after a warm-up on the first call for a net. */
  measure(net: StandardNet): Promise<Timing>
  /** Frees what the last net needed. */
  release(): Promise<void>
  close(): Promise<void>
}

export interface Timing {
  readonly seconds: number
  readonly steps: number
}
