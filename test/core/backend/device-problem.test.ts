import { expect, test } from 'vitest'
import { deviceProblem, readDeviceProblem } from '#core/backend/device-problem'
import { deviceProblemTexts } from '#core/backend/device-problem-texts'
import { fillIn } from '#core/spec/fill-in'

const texts = Object.entries(deviceProblemTexts)

test.each(texts)('the sentence of %s is understood, with its values', (kind, text) => {
  const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const values = Object.fromEntries(names.map((name, i) => [name, `a ${name} (${i}) of\nits own`]))
  expect(readDeviceProblem(fillIn(text, values))).toEqual({ kind, values })
})

test('a sentence inside a sentence is one of the values', () => {
  const reason = deviceProblem('noMemory', {
    needed: 12,
    what: deviceProblem('arena', {}),
    reason: 'VK_ERROR_OUT_OF_DEVICE_MEMORY: no',
  })
  const found = readDeviceProblem(deviceProblem('nowhere', { reason, second: 'no CPU' }))
  expect(found?.values['reason']).toContain('12 MB')
  expect(readDeviceProblem(reason)?.values).toEqual({
    needed: '12',
    what: 'the parameters and activations',
    reason: 'VK_ERROR_OUT_OF_DEVICE_MEMORY: no',
  })
})

test('what a driver says is none of ours', () => {
  expect(readDeviceProblem('Device was destroyed.')).toBeNull()
  expect(readDeviceProblem('')).toBeNull()
})
