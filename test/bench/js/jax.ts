import type { StandardNet } from '../../../electron/bench/standard-nets'
import type { Jax, JaxArray } from './jax-api'
import type { Batch, Rival, RivalModel } from './rival'

/** Parameters, then what the optimizer keeps of them: nothing (SGD), or m and v (Adam). */
type State = JaxArray[][]
/** A step's constants: [lr] (SGD), or [lr / (1 - beta1^t), 1 / (1 - beta2^t)] (Adam). */
type Factors = JaxArray[]
type Update = (state: State, gradients: JaxArray[], factors: Factors) => State

const LR = { SGD: 0.1, Adam: 1e-3 }
const BETA1 = 0.9
const BETA2 = 0.999
const EPS = 1e-8

/**
 * jax-js on its WebAssembly backend.
 *
 * @param modules URL of the folder node_modules, with a slash at its end
 * @param threads as many as it takes here; it does not tell
 */
export async function openJax(modules: string, threads: number): Promise<Rival> {
  const jax = (await import(/* @vite-ignore */ `${modules}@jax-js/jax/dist/index.js`)) as Jax
  await jax.init('wasm')
  jax.defaultDevice('wasm')
  return { threads, open: (net, batches) => openModel(jax, net, batches) }
}

function openModel(jax: Jax, net: StandardNet, batches: readonly Batch[]): RivalModel {
  const { numpy: np } = jax
  const { widths, batch: rows, optimizer } = net
  const [inFeatures = 0] = widths
  const arrays = batches.map(({ inputs, labels }) => ({
    x: np.array(inputs, { shape: [rows, inFeatures] }),
    y: np.array(labels, { shape: [rows], dtype: np.int32 }),
  }))
  const step = compileStep(jax, optimizer === 'SGD' ? sgd : adamOf(jax))
  let state = initialState(jax, net)
  let loss = np.array(NaN)
  let steps = 0
  return {
    step: async (batch) => {
      const given = arrays[batch]
      if (given === undefined) throw new RangeError(`no batch ${batch}`)
      steps++
      const factors = factorsOf(optimizer, steps).map((factor) => np.array(factor))
      loss.dispose()
      ;[state, loss] = step(state, given.x.ref, given.y.ref, factors)
      // Work that was only handed on would not be timed.
      await jax.blockUntilReady(state.flat())
    },
    loss: async () => (await loss.ref.data())[0] ?? NaN,
    end: () => {
      for (const array of [...state.flat(), ...arrays.flatMap(({ x, y }) => [x, y]), loss])
        array.dispose()
    },
  }
}

/** Forward, backward and update in one compiled function. */
function compileStep(jax: Jax, update: Update) {
  const gradient = jax.valueAndGrad((parameters: JaxArray[], x: JaxArray, y: JaxArray) =>
    crossEntropy(jax, parameters, x, y),
  )
  return jax.jit((state: State, x: JaxArray, y: JaxArray, factors: Factors): [State, JaxArray] => {
    const [loss, gradients] = gradient(jax.tree.ref(state[0] ?? []), x, y)
    return [update(state, gradients, factors), loss]
  })
}

function crossEntropy({ numpy, nn }: Jax, parameters: JaxArray[], x: JaxArray, y: JaxArray) {
  const layers = parameters.length / 2
  let values = x
  for (let i = 0; i < layers; i++) {
    values = numpy.dot(values, at(parameters, 2 * i)).add(at(parameters, 2 * i + 1))
    if (i < layers - 1) values = nn.relu(values)
  }
  return nn.logSoftmax(values, 1).mul(nn.oneHot(y, 10)).sum(1).mean().neg()
}

const sgd: Update = ([parameters = []], gradients, [lr]) => [
  parameters.map((p, i) => p.sub(at(gradients, i).mul(kept(lr)))),
]

/** Adam as in torch.optim.Adam: eps is added after the bias correction. */
function adamOf({ numpy }: Jax): Update {
  return ([parameters = [], m = [], v = []], gradients, [first, second]) => {
    const nextM = m.map((old, i) => old.mul(BETA1).add(at(gradients, i).ref.mul(1 - BETA1)))
    const nextV = v.map((old, i) => {
      const g = at(gradients, i)
      return old.mul(BETA2).add(g.ref.mul(g).mul(1 - BETA2))
    })
    const next = parameters.map((p, i) => {
      const denominator = numpy.sqrt(at(nextV, i).ref.mul(kept(second))).add(EPS)
      return p.sub(at(nextM, i).ref.mul(kept(first)).div(denominator))
    })
    return [next, nextM, nextV]
  }
}

function factorsOf(optimizer: StandardNet['optimizer'], t: number): readonly number[] {
  if (optimizer === 'SGD') return [LR.SGD]
  return [LR.Adam / (1 - BETA1 ** t), 1 / (1 - BETA2 ** t)]
}

/** Weights [in, out] and biases in PyTorch's ranges, drawn anew each time: nobody compares them. */
function initialState({ numpy: np }: Jax, { widths, optimizer }: StandardNet): State {
  const parameters = widths.slice(1).flatMap((out, i) => {
    const fanIn = widths[i] ?? 0
    const bound = 1 / Math.sqrt(fanIn)
    const draw = () => (2 * Math.random() - 1) * bound
    const weight = Float32Array.from({ length: fanIn * out }, draw)
    return [np.array(weight, { shape: [fanIn, out] }), np.zeros([out])]
  })
  const zeros = () => parameters.map(({ shape }) => np.zeros(shape))
  return optimizer === 'SGD' ? [parameters] : [parameters, zeros(), zeros()]
}

function at(arrays: JaxArray[], index: number): JaxArray {
  const array = arrays[index]
  if (array === undefined) throw new RangeError(`no array ${index} of ${arrays.length}`)
  return array
}

function kept(factor: JaxArray | undefined): JaxArray {
  if (factor === undefined) throw new RangeError('a factor is missing')
  return factor.ref
}
