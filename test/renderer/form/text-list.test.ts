import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import TextList from '../../../renderer/form/TextList.vue'
import { i18n } from '../../../renderer/i18n/i18n'

function listOf(modelValue: readonly number[] | null) {
  return mount(TextList, {
    props: { modelValue, label: 'weight', nullText: 'default', check: () => null },
    global: { plugins: [i18n] },
  })
}

describe('a list of numbers as text', () => {
  it('is taken on Enter, and an empty one means null', async () => {
    const field = listOf([1, 2])
    const input = field.get('input')
    await input.setValue('1, 0.5,3')
    await input.trigger('keydown', { key: 'Enter' })
    await input.setValue('')
    await input.trigger('keydown', { key: 'Enter' })
    expect(field.emitted('update:modelValue')).toEqual([[[1, 0.5, 3]], [null]])
  })

  it('keeps what is being typed while the same numbers are handed in once more', async () => {
    const field = listOf([1, 2])
    const input = field.get('input')
    await input.setValue('1, 2, 3')
    await field.setProps({ modelValue: [1, 2] })
    expect(input.element.value).toBe('1, 2, 3')
    await field.setProps({ modelValue: [4] })
    expect(input.element.value).toBe('4')
  })
})
