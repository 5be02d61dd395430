/**
 * What the bench uses of @jax-js/jax, which is no dependency of the workbench. Arrays are consumed by what they are passed to;
 * `ref` keeps one for later.
 */
export interface Jax {
  readonly numpy: {
    readonly int32: unknown
    array(value: Values | number, options?: { shape: number[]; dtype?: unknown }): JaxArray
    zeros(shape: number[]): JaxArray
    dot(a: JaxArray, b: JaxArray): JaxArray
    sqrt(a: JaxArray): JaxArray
  }
  readonly nn: {
    relu(a: JaxArray): JaxArray
    logSoftmax(a: JaxArray, axis: number): JaxArray
    oneHot(labels: JaxArray, classes: number): JaxArray
  }
  readonly tree: { ref(arrays: JaxArray[]): JaxArray[] }
  init(backend: 'wasm'): Promise<unknown>
  defaultDevice(backend: 'wasm'): unknown
  jit<A extends unknown[], R>(f: (...args: A) => R): (...args: A) => R
  valueAndGrad<A extends unknown[]>(
    f: (parameters: JaxArray[], ...rest: A) => JaxArray,
  ): (parameters: JaxArray[], ...rest: A) => [JaxArray, JaxArray[]]
  blockUntilReady(arrays: JaxArray[]): Promise<unknown>
}

export interface JaxArray {
  readonly ref: JaxArray
  readonly shape: number[]
  add(other: JaxArray | number): JaxArray
  sub(other: JaxArray): JaxArray
  mul(other: JaxArray | number): JaxArray
  div(other: JaxArray): JaxArray
  sum(axis: number): JaxArray
  mean(): JaxArray
  neg(): JaxArray
  data(): Promise<Values>
  dispose(): void
}

type Values = Float32Array | Int32Array
