/** Storage of a tensor's values: float64 in the reference backend, float32 in the CPU backend. Row-major. */
export type Floats = Float32Array | Float64Array

/** Makes zeroed storage of one precision: `(n) => new Float64Array(n)` for the reference. */
export type MakeFloats = (length: number) => Floats
