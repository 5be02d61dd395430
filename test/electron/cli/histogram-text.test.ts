import { expect, it } from 'vitest'
import { histogramText } from '../../../electron/cli/histogram-text'

it('draws 32 bins as 16 blocks, the fullest one full, none that holds anything empty', () => {
  const bins = new Array<number>(32).fill(0)
  bins[0] = 1
  bins[14] = 400
  bins[15] = 400
  bins[31] = 400
  expect(histogramText(bins)).toBe('▁      █       ▄')
})

it('is blank where nothing was counted', () => {
  expect(histogramText(new Array<number>(32).fill(0)).trim()).toBe('')
})
