import { test } from 'vitest'
import { findTestAdapter } from './webgpu-device'
import { createWebgpuBackend } from '#core/backend/webgpu/webgpu-backend'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import { smallDataset } from './small-dataset'
import { trained, specOf } from './cpu/cpu-run'
test('x', async () => {
  const a = await findTestAdapter()
  if (!a) return
  const backend = await createWebgpuBackend({ device: await a.createDevice(), adapter: a.description })
  const dataset = smallDataset()
  const spec = specOf({ dataset: {trainSize: 300}, model: { inFeatures: 783, layers: [{type:'Linear', outFeatures: 33},{type:'ReLU'},{type:'Linear', outFeatures: 7},{type:'Tanh'},{type:'Linear', outFeatures: 10}] }, optimizer: {type:'Adam', lr: 0.001}, training: {batchSize: 13, seed: 5} })
  let t = performance.now()
  const lap = (s: string) => { console.log(s, Math.round(performance.now()-t)); t = performance.now() }
  const mine = await trained(backend, spec, dataset, 24)
  lap('first')
  const again = await trained(backend, spec, dataset, 24, 1)
  lap('second')
  const theirs = await trained(referenceBackend, spec, dataset, 24)
  lap('reference')
  console.log(mine.losses.map((l,i)=>[l, theirs.losses[i], l-theirs.losses[i]!, l-again.losses[i]!]))
})
