import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import DrawPanel from '../../../renderer/draw/DrawPanel.vue'
import { i18n } from '../../../renderer/i18n/i18n'

const props = {
  drawing: [],
  predictor: 'current' as const,
  seen: null,
  answer: null,
  failure: null,
  canChoose: true,
  theme: 'light',
}

function panelWith(digit: number, probabilities: number[]) {
  const answer = {
    digit,
    probabilities,
    activations: [],
    model: 'starter, step 1',
    run: { name: 'starter', step: 1 },
    milliseconds: 1,
  }
  return mount(DrawPanel, { props: { ...props, answer }, global: { plugins: [i18n] } })
}

describe('the drawing panel', () => {
  it('names the digit and the model that answers', () => {
    const panel = panelWith(7, [0, 0, 0, 0, 0, 0, 0, 1, 0, 0])
    expect(panel.get('[data-testid=answer]').text()).toBe('7')
    expect(panel.text()).toContain('starter, step 1')
  })

  it('names no digit where the outputs of the net are not numbers, and says why', () => {
    const panel = panelWith(
      -1,
      Array.from({ length: 10 }, () => Number.NaN),
    )
    expect(panel.get('[data-testid=answer]').text()).toBe('–')
    expect(panel.text()).toContain('not numbers')
    expect(panel.text()).not.toContain('%')
  })
})
