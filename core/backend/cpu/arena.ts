import type { MemoryPart } from '../memory-use'
import { PAGE_BYTES } from './wasm/runtime'

const ALIGNMENT = 256
/** WebAssembly addresses are 32 bits wide; the last page stays free. */
const LARGEST = 2 ** 32 - PAGE_BYTES

/** A model or a batch that no WebAssembly memory can hold. */
export class MemoryLimitError extends Error {
  override readonly name = 'MemoryLimitError'
}

/** Hands out addresses in a memory that is made later, when its size is known. */
export class Arena {
  private end = ALIGNMENT
  private account: MemoryPart = 'other'
  private readonly used = new Map<MemoryPart, number>()

  /** What is reserved from here on is for `account`. */
  charge(account: MemoryPart): void {
    this.account = account
  }

  /** Bytes reserved for it so far. */
  spent(account: MemoryPart): number {
    return this.used.get(account) ?? 0
  }

  /** Address of `bytes` zeroed bytes, a multiple of 256. */
  reserve(bytes: number): number {
    const address = this.end
    this.end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
    this.used.set(this.account, this.spent(this.account) + this.end - address)
    if (this.end > LARGEST)
      throw new MemoryLimitError(
        `this model with this batch size needs more than 4 GiB on the CPU (${Math.round(this.end / 2 ** 20)} MiB so far): use a smaller batch or fewer units`,
      )
    return address
  }

  get pages(): number {
    return Math.ceil(this.end / PAGE_BYTES) + 1
  }
}
