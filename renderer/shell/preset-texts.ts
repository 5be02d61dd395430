import type { PresetId } from '#core/spec/presets'

/** The presets in the order of the menu, with their texts. */
export const presetTexts = [
  { id: 'starter', text: 'presets.starter' },
  { id: 'wide-800', text: 'presets.wide800' },
  { id: 'dropout-512', text: 'presets.dropout512' },
  { id: 'dropout-3x1024', text: 'presets.dropout3x1024' },
  { id: 'wide-800-affine', text: 'presets.wide800Affine' },
  { id: 'wide-800-elastic', text: 'presets.wide800Elastic' },
  { id: 'deep-sigmoid', text: 'presets.deepSigmoid' },
  { id: 'exploding-relu', text: 'presets.explodingRelu' },
  { id: 'dead-relu', text: 'presets.deadRelu' },
  { id: 'saturated-tanh', text: 'presets.saturatedTanh' },
  { id: 'rate-too-high', text: 'presets.rateTooHigh' },
  { id: 'rate-too-low', text: 'presets.rateTooLow' },
  { id: 'overfitting', text: 'presets.overfitting' },
  { id: 'not-a-number', text: 'presets.notANumber' },
] as const satisfies readonly { readonly id: PresetId; readonly text: string }[]
