import { expect, it } from 'vitest'
import { presetById } from '#core/spec/presets'
import { runId } from '../../../electron/store/run-id'

const date = new Date(2026, 10, 23, 10, 15, 0)

it('a run is named by when and what', () => {
  expect(runId(presetById('starter'), date)).toBe('2026-11-23-101500-mlp-784-128-10-adam')
})

it('layers of equal width are folded', () => {
  expect(runId(presetById('deep-sigmoid'), date)).toBe('2026-11-23-101500-mlp-784-10x32-10-sgd')
})
