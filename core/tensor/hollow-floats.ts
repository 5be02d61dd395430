/**
 * A float32 array that knows its length and holds nothing: reads give undefined, writes go nowhere. For those who lay a net out to
 * count what it needs, however large it is.
 */
export function hollowFloats(length: number): Float32Array {
  return Object.defineProperty(new Float32Array(0), 'length', { value: length })
}
