import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'
import type { LayerReport } from '#core/backend/layer-report'
import type { Verdict } from '#core/training/verdicts/verdict'
import HealthPanel from '../../../renderer/bench/HealthPanel.vue'
import { i18n, setLocale } from '../../../renderer/i18n/i18n'

const spread = { mean: 0.5, std: 0.25, min: 0, max: 1, histogram: [1, 2, 1] }
const report: LayerReport = {
  layer: '0',
  type: 'Linear',
  gradientNorm: 8.9e-9,
  updateRatio: 3.9e-11,
  weightNorm: 3.26,
  output: spread,
  outputGradient: spread,
  dead: null,
  saturated: null,
}
const profile = {
  layers: [
    { layer: '0', type: 'Linear', activationVariance: 1, gradientVariance: 1e-12 },
    { layer: '1', type: 'Sigmoid', activationVariance: 0.1, gradientVariance: 1e-6 },
    { layer: '2', type: 'Linear', activationVariance: 1, gradientVariance: 1e-2 },
  ],
}
const props = {
  figures: null,
  current: true,
  profile: null,
  looks: 2,
  norms: null,
  every: 20,
  verdicts: [],
  applied: new Set<never>(),
}
const figures = { step: 20, reports: [report] }
const ill = [{ kind: 'overfitting', sinceEpoch: 7, severity: 'warning', remedies: [] }] as const
const global = { plugins: [i18n] }

beforeEach(() => {
  setLocale('en')
})

describe('gradient health', () => {
  it('shows the depth profile and its verdict in words before anything is trained', () => {
    const panel = mount(HealthPanel, { props: { ...props, profile }, global })
    expect(panel.get('figure[role=img]').attributes('aria-label')).toContain('3')
    expect(panel.text()).toContain('Gradients vanish')
  })

  it('shows the figures of a run on the bench, and the profile again once the net is another one', async () => {
    const panel = mount(HealthPanel, { props: { ...props, profile, figures }, global })
    expect(panel.get('tbody').text()).toContain('8.9e-9')
    expect(panel.get('tbody').text()).toContain('0.50 ± 0.25')
    await panel.setProps({ current: false })
    expect(panel.find('tbody th.layer').exists()).toBe(false)
    expect(panel.text()).toContain('Gradients vanish')
    const [run] = panel.findAll('[role=radio]')
    await run?.trigger('click')
    expect(panel.get('tbody').text()).toContain('8.9e-9')
  })

  it('says every verdict in words, in both languages, with a button for each remedy', async () => {
    const remedy = { kind: 'useReLU', value: null, fixes: [] } as const
    const severity = 'error'
    const remedies = [remedy]
    const verdicts: readonly Verdict[] = [
      { kind: 'vanishing', fromLayer: '12', factorPerLayer: 0.14, severity, remedies },
      { kind: 'exploding', fromLayer: '6', factorPerLayer: 3.1, severity, remedies },
      { kind: 'deadUnits', layer: '1', share: 1, severity, remedies },
      { kind: 'saturated', layer: '1', share: 0.91, severity, remedies },
      {
        kind: 'learningRateTooHigh',
        evidence: { firstLoss: 2.3, highestLoss: 7e5, presentLoss: 2.4, updateRatio: null },
        severity,
        remedies,
      },
      { kind: 'learningRateTooLow', updateRatio: 5.7e-7, severity, remedies },
      { kind: 'overfitting', sinceEpoch: 7, severity: 'warning', remedies },
      {
        kind: 'notANumber',
        layer: '0',
        layerType: 'Linear',
        operation: 'update',
        step: 0,
        severity,
        remedies,
      },
    ]
    const panel = mount(HealthPanel, { props: { ...props, figures, verdicts }, global })
    const sentences = () => panel.findAll('.verdict .sentence').map((line) => line.text())
    expect(sentences()).toEqual([
      expect.stringContaining('vanishes: ×0.14 a layer'),
      expect.stringContaining('explodes: ×3.1 a layer'),
      expect.stringContaining('100 % of the units of layer 1 are dead'),
      expect.stringContaining('91 % of the outputs of layer 1 are saturated'),
      expect.stringContaining('too high'),
      expect.stringContaining('too low'),
      expect.stringContaining('since epoch 7'),
      expect.stringContaining('layer 0 (Linear), update, step 1'),
    ])
    await panel.get('.verdict button').trigger('click')
    expect(panel.emitted('remedy')).toEqual([[remedy]])
    setLocale('zh-CN')
    await panel.vm.$nextTick()
    for (const sentence of sentences()) expect(sentence).toMatch(/\p{Script=Han}{4}/u)
  })

  it('says of a run without a verdict that nothing was found, and after how many looks', async () => {
    const panel = mount(HealthPanel, { props: { ...props, figures }, global })
    expect(panel.text()).toContain('Nothing conspicuous in 2 looks, the last at step 20.')
    await panel.setProps({ looks: 1, figures: { ...figures, step: 1 } })
    expect(panel.text()).toContain('Nothing conspicuous in 1 look, at step 1.')
    setLocale('zh-CN')
    await panel.setProps({ looks: 48, figures: { ...figures, step: 938 } })
    expect(panel.text()).toContain('看了 48 次，直到第 938 步，未见异常')
    await panel.setProps({ verdicts: ill })
    expect(panel.text()).not.toContain('未见异常')
    await panel.setProps({ figures: null, verdicts: [] })
    expect(panel.text()).not.toContain('未见异常')
  })

  it('writes the number of images of a remedy as numbers are written elsewhere', () => {
    const remedies = [{ kind: 'useMoreImages', value: 60000, fixes: [] }] as const
    const verdicts = [
      { kind: 'overfitting', sinceEpoch: 7, severity: 'warning', remedies },
    ] as const
    const panel = mount(HealthPanel, { props: { ...props, figures, verdicts }, global })
    expect(panel.get('.verdict button').text()).toBe('Use all 60,000 images')
  })

  it('tells a remedy that is on the bench from one that is not', () => {
    const remedy = { kind: 'resetEps', value: 1e-8, fixes: [] } as const
    const verdict = {
      kind: 'overfitting',
      sinceEpoch: 7,
      severity: 'warning',
      remedies: [remedy],
    } as const
    const panel = mount(HealthPanel, {
      props: { ...props, figures, verdicts: [verdict], applied: new Set([remedy]) },
      global,
    })
    expect(panel.get('.verdict button').attributes('disabled')).toBeDefined()
    expect(panel.get('.verdict button').attributes('title')).toContain('run again')
  })
})
