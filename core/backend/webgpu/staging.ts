/** Larger buffers are not kept. */
const MOST_BYTES = 1024 * 1024
/** Buffers that are kept: the last one's results are read while the next one fills. */
const MOST_KEPT = 3

/** Buffers for results on their way back: small ones are used again, since making one costs as much as reading it. */
export class Staging {
  private readonly create: (size: number) => Promise<GPUBuffer>
  private readonly idle: GPUBuffer[] = []

  constructor(create: (size: number) => Promise<GPUBuffer>) {
    this.create = create
  }

  /** A buffer of at least so many bytes, not mapped. */
  async take(size: number): Promise<GPUBuffer> {
    const found = this.idle.findIndex((buffer) => buffer.size >= size)
    const [buffer] = found < 0 ? [] : this.idle.splice(found, 1)
    return buffer ?? this.create(size <= MOST_BYTES ? 2 ** Math.ceil(Math.log2(size)) : size)
  }

  /** Takes a mapped buffer back. */
  giveBack(buffer: GPUBuffer): void {
    if (buffer.size > MOST_BYTES || this.idle.length >= MOST_KEPT) {
      buffer.destroy()
      return
    }
    buffer.unmap()
    this.idle.push(buffer)
  }
}
