/** What the bench uses of @tensorflow/tfjs-core, -layers and -backend-wasm, which are no dependencies of the workbench. */
export interface Tfjs {
  setWasmPaths(folder: string): void
  getThreadsCount(): number
  setBackend(name: 'wasm'): Promise<boolean>
  ready(): Promise<void>
  tensor1d(values: Int32Array, type: 'int32'): Tensor
  tensor2d(values: Float32Array, shape: [number, number]): Tensor
  oneHot(labels: Tensor, classes: number): Tensor
  cast(tensor: Tensor, type: 'float32'): Tensor
  tidy<T>(work: () => T): T
  readonly train: { sgd(lr: number): unknown; adam(lr: number): unknown }
  readonly losses: { softmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor }
  readonly layers: { dense(config: DenseConfig): unknown }
  sequential(): Sequential
}

export interface Tensor {
  dispose(): void
}

export interface Sequential {
  add(layer: unknown): void
  compile(config: { optimizer: unknown; loss: (labels: Tensor, logits: Tensor) => Tensor }): void
  /** Resolves to the loss when the step is done. */
  trainOnBatch(x: Tensor, y: Tensor): Promise<number>
  dispose(): unknown
}

interface DenseConfig {
  readonly units: number
  readonly activation: 'linear' | 'relu'
  readonly inputShape?: [number]
}
