import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { i18n } from '../../../renderer/i18n/i18n'
import RoofLine from '../../../renderer/machine/RoofLine.vue'
import { roofReading } from '../../../renderer/machine/roof-reading'

const cpu = { gflops: 100, bandwidth: 20 }
const gpu = { gflops: 10_000, bandwidth: 500 }

describe('what a roofline says in words', () => {
  it('names what limits the same net on each device', () => {
    const net = { intensity: 8, gflops: 80 }
    expect(roofReading(cpu, net)).toEqual({ ridge: 5, limit: 'arithmetic', percent: null })
    expect(roofReading(gpu, net)).toEqual({ ridge: 20, limit: 'memory', percent: 2 })
  })

  it('tells it under the picture', () => {
    const props = { ...gpu, net: { intensity: 8, gflops: 80 }, oneThread: null, theoretical: null }
    const text = mount(RoofLine, { props, global: { plugins: [i18n] } }).text()
    expect(text).toContain('your net lies left of it, where memory is the limit')
    expect(text).toContain('It reaches 2 % of the roof.')
  })
})
