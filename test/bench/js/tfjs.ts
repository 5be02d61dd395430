import type { StandardNet } from '../../../electron/bench/standard-nets'
import type { Batch, Rival, RivalModel } from './rival'
import type { Tensor, Tfjs } from './tfjs-api'

/**
 * TensorFlow.js on its WebAssembly backend: `model.compile` and `trainOnBatch`, as its guide teaches.
 *
 * @param modules path or URL of the folder node_modules, with a slash at its end
 */
export async function openTfjs(tf: Tfjs, modules: string): Promise<Rival> {
  tf.setWasmPaths(`${modules}@tensorflow/tfjs-backend-wasm/dist/`)
  await tf.setBackend('wasm')
  await tf.ready()
  return { threads: tf.getThreadsCount(), open: (net, batches) => openModel(tf, net, batches) }
}

function openModel(tf: Tfjs, net: StandardNet, batches: readonly Batch[]): RivalModel {
  const { widths, batch: rows, optimizer } = net
  const [inFeatures = 0] = widths
  const tensors = batches.map(({ inputs, labels }) => ({
    x: tf.tensor2d(inputs, [rows, inFeatures]),
    y: tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), 10), 'float32')),
  }))
  const model = tf.sequential()
  widths.slice(1).forEach((units, i) => {
    const activation = i === widths.length - 2 ? 'linear' : 'relu'
    const first = i === 0 ? { inputShape: [inFeatures] satisfies [number] } : {}
    model.add(tf.layers.dense({ units, activation, ...first }))
  })
  model.compile({
    optimizer: optimizer === 'SGD' ? tf.train.sgd(0.1) : tf.train.adam(1e-3),
    loss: (labels: Tensor, logits: Tensor) => tf.losses.softmaxCrossEntropy(labels, logits),
  })
  let loss = NaN
  return {
    step: async (batch) => {
      const given = tensors[batch]
      if (given === undefined) throw new RangeError(`no batch ${batch}`)
      loss = await model.trainOnBatch(given.x, given.y)
    },
    loss: () => Promise.resolve(loss),
    end: () => {
      model.dispose()
      for (const { x, y } of tensors) {
        x.dispose()
        y.dispose()
      }
    },
  }
}
