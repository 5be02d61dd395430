import { expect, test } from 'vitest'
import { parseRunSpec } from '#core/spec/run-spec'
import { presets } from '#core/spec/presets'

const minimal = { version: 1, model: { layers: [{ type: 'Linear', outFeatures: 10 }] } }

function messages(document: unknown): readonly string[] {
  const parsed = parseRunSpec(document)
  return parsed.ok ? [] : parsed.error.map(({ message }) => message)
}

test('a model is all that must be said; the rest is as PyTorch has it', () => {
  const parsed = parseRunSpec(minimal)
  expect(parsed.ok && parsed.value).toMatchObject({
    dataset: { name: 'mnist', trainSize: 60000, valSize: 0, augment: null },
    loss: { type: 'CrossEntropyLoss', labelSmoothing: 0 },
    optimizer: { type: 'Adam', lr: 0.001, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 },
    scheduler: null,
    training: { epochs: 10, batchSize: 64, shuffle: true, dropLast: false, seed: 0 },
    device: 'auto',
  })
})

test('a bad field is answered with its path, what was found and what is allowed', () => {
  expect(messages({ ...minimal, training: { epochs: 0 } })).toEqual([
    expect.stringMatching(/^training\.epochs: must be .* >= 1.*found 0$/),
  ])
  expect(messages({ ...minimal, device: 'tpu' })).toEqual([
    'device: allowed: "auto", "cpu", "webgpu", "reference"; found "tpu"',
  ])
  expect(messages({ ...minimal, optimiser: {} })).toEqual([
    'the document: there is no field "optimiser"; allowed: version, name, dataset, model, loss, optimizer, scheduler, training, device',
  ])
  expect(messages({ ...minimal, optimizer: { type: 'Adam', lr: 'fast' } })).toEqual([
    expect.stringMatching(/^optimizer\.lr: must be a number .*found "fast"$/),
  ])
})

test('another version is refused, whatever else the document says', () => {
  expect(messages({ ...minimal, version: 2 })).toEqual([
    'version: this program reads version 1 of the run spec, found 2',
  ])
  expect(messages('hello')).toHaveLength(1)
})

test('a document nested ten thousand deep is an error message, not a crash', () => {
  let layers: unknown[] = [{ type: 'ReLU' }]
  for (let depth = 0; depth < 10_000; depth++) layers = [{ type: 'Residual', layers }]
  expect(messages({ ...minimal, model: { layers } })).toEqual(['model.layers: nested too deeply'])
})

test('every preset is a valid document', () => {
  expect(presets.map(({ id }) => id)).toContain('starter')
  for (const { spec } of presets) expect(parseRunSpec(spec)).toEqual({ ok: true, value: spec })
})
