import { mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { optimizerSchema, optimizerTypes } from '#core/spec/optimizers'
import { presetById } from '#core/spec/presets'
import { runSpecSchema, type RunSpec } from '#core/spec/run-spec'
import { schedulerTypes } from '#core/spec/schedulers'
import OptimizerPanel from '../../../renderer/bench/OptimizerPanel.vue'
import SchedulePart from '../../../renderer/bench/SchedulePart.vue'
import { startScheduler } from '../../../renderer/bench/scheduler-start'
import { setLocale, i18n } from '../../../renderer/i18n/i18n'
import { specIssues } from '../../../renderer/workspace/spec-issues'

const starter = presetById('starter')

function panelOf(spec: RunSpec): VueWrapper {
  return mount(OptimizerPanel, {
    props: { spec, issues: specIssues(spec) },
    global: { plugins: [i18n] },
  })
}

function withOptimizer(optimizer: object): RunSpec {
  return runSpecSchema.parse({ ...starter, optimizer })
}

function lastChange(panel: VueWrapper): RunSpec {
  return runSpecSchema.parse(panel.emitted('change')?.at(-1)?.[0])
}

/** What stands in the fields, by accessible name. */
function valuesOf(panel: VueWrapper, group: string): ReadonlyMap<string, string> {
  const inputs = panel.get(`[role=group][aria-label="${group}"]`).findAll('input[type=text]')
  return new Map(
    inputs.map((input) => [
      input.attributes('aria-label') ?? '',
      input.element instanceof HTMLInputElement ? input.element.value : '',
    ]),
  )
}

// The document of these tests has no top layer.
HTMLElement.prototype.showPopover = () => undefined
HTMLElement.prototype.hidePopover = () => undefined

beforeEach(() => {
  setActivePinia(createPinia())
  setLocale('en')
})

describe('the optimizer panel', () => {
  it('has a field for every argument of every optimizer, with torch’s default in it', () => {
    for (const { shape } of optimizerSchema.options) {
      const type = shape.type.value
      const panel = panelOf(withOptimizer({ type }))
      const shown = panel.get('[role=group][aria-label="Arguments"]')
      const names = Object.keys(shape).filter(
        (name) => !['type', 'paramGroups', 'maximize'].includes(name),
      )
      const labels = shown.findAll('[aria-label]').map((e) => e.attributes('aria-label') ?? '')
      for (const name of names) {
        const torch = (type === 'ASGD' ? name : name.replace('tMax', 'T_max')).replace(
          /[A-Z]/g,
          (letter) => `_${letter.toLowerCase()}`,
        )
        expect(
          labels.some((label) => label === torch || label.startsWith(`${torch} `)),
          `${type} ${torch}`,
        ).toBe(true)
      }
    }
    expect(
      Object.fromEntries(valuesOf(panelOf(withOptimizer({ type: 'ASGD' })), 'Arguments')),
    ).toEqual({
      lr: '0.01',
      lambd: '1e-4',
      alpha: '0.75',
      t0: '1e6',
      weight_decay: '0',
    })
  })

  it('offers every optimizer, says that Lion is not torch’s, and changes to the one chosen', async () => {
    const panel = panelOf(starter)
    await panel.get('[role=combobox][aria-label="Optimizer"]').trigger('click')
    const options = panel.findAll('[role=option]')
    const words = options.map((option) => option.get('.words').text())
    expect(
      words.map((text) => /^[A-Za-z]+/.exec(text.replace('not in torch.optim', ''))?.[0]),
    ).toEqual([...optimizerTypes])
    expect(words.find((text) => text.startsWith('Lion'))).toContain('not in torch.optim')
    await options[optimizerTypes.indexOf('Muon')]?.trigger('click')
    expect(lastChange(panel).optimizer).toEqual(optimizerSchema.parse({ type: 'Muon' }))
  })

  it('offers batch gradient descent, mini-batch and SGD as batch sizes, and says what each is', async () => {
    const panel = panelOf(starter)
    const modes = panel.get('[aria-label="Batch"]').findAll('[role=radio]')
    expect(modes.map((mode) => mode.text())).toEqual(['Full', 'Mini-batch', 'Stochastic'])
    expect(panel.text()).toContain('64 images a step, 938 steps an epoch')
    await modes[0]?.trigger('click')
    expect(lastChange(panel).training.batchSize).toBe('full')
    expect(panelOf(lastChange(panel)).text()).toContain('all 60,000 images in one step')
    await modes[2]?.trigger('click')
    expect(lastChange(panel).training.batchSize).toBe(1)
  })

  it('shows every scheduler with its curve before the run, and the place of a run in it', () => {
    for (const type of schedulerTypes) {
      const spec = runSpecSchema.parse({ ...starter, scheduler: startScheduler(type, starter) })
      const panel = mount(SchedulePart, {
        props: { spec, issues: [], position: 0.5, rate: 1e-4 },
        global: { plugins: [i18n] },
      })
      const curve = panel.get('.curve')
      expect(curve.attributes('aria-label'), type).toMatch(
        /Learning rate over the run: .+ → .+; now 1e-4/,
      )
      expect(curve.get('path:not(.base)').attributes('d'), type).not.toContain('NaN')
      expect(curve.get('.dot').attributes('style'), type).toContain('left: 50%')
    }
  })

  it('takes no lr that is not a number or below 0, and says so at the field', async () => {
    const panel = panelOf(starter)
    const lr = panel.get('input[aria-label="lr"]')
    for (const [text, problem] of [
      ['NaN', 'Must be a number.'],
      ['-1', 'Must be 0 or more.'],
    ] as const) {
      await lr.setValue(text)
      await lr.trigger('blur')
      expect(panel.get('.field.wrong [role=alert]').text()).toBe(problem)
    }
    expect(panel.emitted('change')).toBeUndefined()
  })

  it('takes no batch of 0 images', async () => {
    const panel = panelOf(starter)
    const size = panel.get('input[aria-label="batch_size"]')
    await size.setValue('0')
    await size.trigger('blur')
    expect(panel.get('.field.wrong [role=alert]').text()).toBe('Must be 1 or more.')
    expect(panel.emitted('change')).toBeUndefined()
  })

  it('says at the field what is wrong with a combination, and offers the cure', async () => {
    const oneCycle = { type: 'OneCycleLR', maxLr: 0.1 }
    const cases = [
      [
        { ...starter, optimizer: { type: 'Rprop' } },
        'set the batch size to "Full"',
        'training.batchSize',
        'full',
      ],
      [
        { ...starter, optimizer: { type: 'LBFGS' } },
        'set the batch size to "Full"',
        'training.batchSize',
        'full',
      ],
      [
        { ...starter, optimizer: { type: 'Adam', lr: 0 } },
        "torch's default for Adam is 0.001",
        'optimizer.lr',
        0.001,
      ],
      [
        { ...starter, optimizer: { type: 'Adagrad' }, scheduler: oneCycle },
        'switch cycle_momentum off',
        'scheduler.cycleMomentum',
        false,
      ],
    ] as const
    for (const [document, sentence, path, value] of cases) {
      const panel = panelOf(runSpecSchema.parse(document))
      const note = panel.get('.issue[role=alert]')
      expect(note.text()).toContain(sentence)
      await note.get('button').trigger('click')
      expect(panel.emitted('fix')?.[0]).toEqual([{ kind: 'set', path, value }])
    }
  })

  it('speaks Chinese beside torch’s names', () => {
    setLocale('zh-CN')
    const panel = panelOf(withOptimizer({ type: 'ASGD' }))
    expect(panel.text()).toContain('t0从第几步起平均')
    expect(panel.text()).toContain('batch_size每步图像数')
    setLocale('en')
  })
})
