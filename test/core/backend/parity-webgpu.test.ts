import { test } from 'vitest'
import { backends, softwareGpu } from './backends'
import { describeParity } from './parity'
import { specOf } from './trace'

const all = !softwareGpu || process.env['GRADIENT_WORKBENCH_GPU_TESTS'] === 'all'
const gpu = backends.find(({ backend }) => backend.device === 'webgpu')

/** A GPU on the CPU takes seconds for each net. */
const cheap = new Set([
  '1 hidden, SGD momentum',
  '1 hidden, AdamW groups',
  'Adam decoupledWeightDecay, amsgrad',
])

if (gpu === undefined)
  test.skip('PyTorch has no GPU here to be compared with: Dawn finds no adapter', () => undefined)
else
  describeParity(gpu.backend, gpu.precision, ({ name, spec }) => {
    if (specOf(spec).optimizer.type === 'LBFGS') return false
    return all || cheap.has(name)
  })
