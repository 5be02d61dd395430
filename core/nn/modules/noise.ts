import { type PhiloxDomain, philoxFill } from '#core/tensor/philox'
import type { ForwardContext } from '../module'

/** The random words of one layer: for each element of its output one, keyed by seed, layer, step and element. */
export class Noise {
  private readonly domain: PhiloxDomain
  /** The layer's number among all layers of the model. */
  private readonly stream: number
  private storage = new Uint32Array(0)
  private words = this.storage

  constructor(domain: PhiloxDomain, stream: number) {
    this.domain = domain
    this.stream = stream
  }

  /** At least `count` words, valid until the next call. */
  draw(count: number, { seed, step }: ForwardContext): Uint32Array {
    const length = Math.ceil(count / 4) * 4
    if (this.storage.length < length) this.storage = new Uint32Array(length)
    if (this.words.length !== length) this.words = this.storage.subarray(0, length)
    philoxFill(this.words, { seed, domain: this.domain, stream: this.stream, step })
    return this.words
  }
}
