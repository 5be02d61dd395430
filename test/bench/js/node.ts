/** A rival in Node, in a process of its own: `node js-node.js NAME MODULES MNIST` speaks the protocol of child-contender.ts. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import type { StandardNet } from '../../../electron/bench/standard-nets'
import { openJax } from './jax'
import { FILES, mnistBatches } from './mnist-batches'
import type { Rival } from './rival'
import { RivalTimer } from './rival-timer'
import { openTfjs } from './tfjs'
import type { Tfjs } from './tfjs-api'

// jax-js looks for fused multiply-add, which Node 20 has behind a flag.
setFlagsFromString('--experimental-wasm-relaxed-simd')

const [name = '', modules = '', mnist = ''] = process.argv.slice(2)
const folder = pathToFileURL(`${modules}/`).href
const rival = name === 'jax-js' ? await openJax(folder, 1) : await loadTfjs()
const images = readFileSync(join(mnist, FILES.images))
const labels = readFileSync(join(mnist, FILES.labels))
const timer = new RivalTimer(rival, (net) => mnistBatches(images, labels, net))

answer({ ready: true })
for await (const line of createInterface({ input: process.stdin }))
  answer(await timer.measure(JSON.parse(line) as StandardNet))

function answer(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

function loadTfjs(): Promise<Rival> {
  const require = createRequire(`${modules}/package.json`)
  const packages = ['core', 'layers', 'backend-wasm'].map(
    (name) => require(`@tensorflow/tfjs-${name}`) as object,
  )
  // Together they have what the interface lists.
  return openTfjs(Object.assign({}, ...packages) as Tfjs, `${modules}/`)
}
