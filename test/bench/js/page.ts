/** Rivals in a browser, where their WebAssembly backends have threads: browser-contender.ts calls what this leaves at `window`. */
import type { Timing } from '../../../electron/bench/contender'
import type { StandardNet } from '../../../electron/bench/standard-nets'
import { openJax } from './jax'
import { FILES, mnistBatches } from './mnist-batches'
import type { Rival } from './rival'
import { RivalTimer } from './rival-timer'
import { openTfjs } from './tfjs'
import type { Tfjs } from './tfjs-api'

declare global {
  interface Window {
    /** Returns its number of threads. */
    openRival(name: string): Promise<number>
    measureRival(net: StandardNet): Promise<Timing>
  }
}

let timer: RivalTimer | null = null

window.openRival = async (name) => {
  if (!crossOriginIsolated) throw new Error('this page cannot share memory with its workers')
  const rival = name === 'jax-js' ? await loadJax() : await loadTfjs()
  const [images, labels] = await Promise.all([bytesAt(FILES.images), bytesAt(FILES.labels)])
  timer = new RivalTimer(rival, (net) => mnistBatches(images, labels, net))
  return rival.threads
}

window.measureRival = (net) => {
  if (timer === null) throw new Error('openRival comes first')
  return timer.measure(net)
}

async function bytesAt(file: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(`/mnist/${file}`)).arrayBuffer())
}

/** It takes a worker for each logical processor. */
function loadJax(): Promise<Rival> {
  return openJax('/modules/', navigator.hardwareConcurrency)
}

/**
 * Its bundles for browsers leave everything at `window.tf`. It takes half of the processors that the browser tells, four at most;
 * here it is told of twice as many, so that it has all.
 */
async function loadTfjs(): Promise<Rival> {
  const { hardwareConcurrency } = navigator
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: 2 * hardwareConcurrency })
  for (const bundle of [
    'tfjs-core/dist/tf-core.min.js',
    'tfjs-layers/dist/tf-layers.min.js',
    'tfjs-backend-wasm/dist/tf-backend-wasm.min.js',
  ])
    await loadScript(`/modules/@tensorflow/${bundle}`)
  const { tf } = window as unknown as { tf: Tfjs & { wasm: Tfjs } }
  return openTfjs(Object.assign({}, tf, tf.wasm), '/modules/')
}

function loadScript(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.addEventListener('load', () => {
      resolve()
    })
    script.addEventListener('error', () => {
      reject(new Error(`${src} cannot be loaded`))
    })
    script.src = src
    document.head.append(script)
  })
}
