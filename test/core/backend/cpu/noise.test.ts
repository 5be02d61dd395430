import { expect, test } from 'vitest'
import { Arena } from '#core/backend/cpu/arena'
import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import { NOISE_BLOCK, noisePass } from '#core/backend/cpu/kernels/noise'
import { ModuleBuilder } from '#core/backend/cpu/wasm/module-builder'
import { compile, createMemory, instantiate } from '#core/backend/cpu/wasm/runtime'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import { domains, philoxFill } from '#core/tensor/philox'
import { largestDifference } from './bench-memory'
import { randomDataset, specOf, trained } from './cpu-run'

test('the kernel draws the words of Philox bit for bit, also from a later row on', () => {
  const arena = new Arena()
  const module = new ModuleBuilder()
  const [place, to] = [arena.reserve(8), arena.reserve(4096)]
  const seed = 0xfedc_ba98
  noisePass(module, 'noise', { seed, place })
  const memory = createMemory(arena.pages, false)
  const { noise } = instantiate(
    compile(module.build({ pages: arena.pages, shared: false })),
    memory,
  )
  const [stream, step, features, firstRow] = [3, 70_000, 33, 16]
  new Uint32Array(memory.buffer, place, 2).set([step, firstRow])
  const blocks = 20
  noise?.(0, 7, to, stream, features)
  noise?.(7, blocks, to, stream, features)
  const before = firstRow * features
  const expected = new Uint32Array(before + blocks * NOISE_BLOCK)
  philoxFill(expected, { seed, domain: domains.dropout, stream, step })
  expect(new Uint32Array(memory.buffer, to, blocks * NOISE_BLOCK)).toEqual(
    expected.subarray(before),
  )
})

test('dropout over a batch in several pieces drops what the reference drops', async () => {
  const dataset = randomDataset(0.2, 1100)
  const spec = specOf({
    model: {
      inFeatures: 783,
      layers: [
        { type: 'Dropout', p: 0.3 },
        { type: 'Linear', outFeatures: 21 },
        { type: 'ReLU' },
        { type: 'Dropout', p: 0.5 },
        { type: 'Linear', outFeatures: 10 },
      ],
    },
    training: { batchSize: 'full' },
  })
  const backend = await createCpuBackend({ threads: 1, relaxedSimd: false })
  const mine = await trained(backend, spec, dataset, 2)
  const reference = await trained(referenceBackend, spec, dataset, 2)
  expect(largestDifference(mine.losses, reference.losses)).toBeLessThan(1e-6)
})
