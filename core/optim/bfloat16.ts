/** Rounds float32 values in place to what bfloat16 can hold (8 bits of mantissa), ties to even; `bits` is a view of their storage. */
export function roundToBfloat16(bits: Uint32Array): void {
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i] as number
    const finite = (word & 0x7f800000) !== 0x7f800000
    if (finite) bits[i] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000
  }
}
