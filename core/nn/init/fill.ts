import type { BiasInitSpec, InitSpec } from '#core/spec/init'
import type { Floats } from '#core/tensor/floats'
import type { Mt19937 } from '#core/tensor/mt19937'
import { normal_, uniform_ } from '#core/tensor/torch-random'
import { calculateGain } from './gain'
import { orthogonal_ } from './orthogonal'
import { sparse_ } from './sparse'
import { truncatedNormal_ } from './truncated-normal'

/** Fills a weight [rows = out, cols = in] as the named function of torch.nn.init does, draw for draw. */
export function fillWeight(
  out: Floats,
  rows: number,
  cols: number,
  spec: InitSpec,
  generator: Mt19937,
): void {
  switch (spec.type) {
    case 'uniform_':
    case 'normal_':
    case 'trunc_normal_':
    case 'constant_':
    case 'ones_':
    case 'zeros_':
      fillBias(out, spec, generator)
      return
    case 'eye_':
      out.fill(0)
      for (let i = 0; i < Math.min(rows, cols); i++) out[i * cols + i] = 1
      return
    case 'xavier_uniform_': {
      const bound = Math.sqrt(3) * (spec.gain * Math.sqrt(2 / (rows + cols)))
      uniform_(out, -bound, bound, generator)
      return
    }
    case 'xavier_normal_':
      normal_(out, 0, spec.gain * Math.sqrt(2 / (rows + cols)), generator)
      return
    case 'kaiming_uniform_': {
      const bound = Math.sqrt(3) * kaimingStd(rows, cols, spec)
      uniform_(out, -bound, bound, generator)
      return
    }
    case 'kaiming_normal_':
      normal_(out, 0, kaimingStd(rows, cols, spec), generator)
      return
    case 'orthogonal_':
      orthogonal_(out, rows, cols, spec.gain, generator)
      return
    case 'sparse_':
      sparse_(out, rows, cols, spec.sparsity, spec.std, generator)
      return
  }
}

/** Fills a tensor of any shape as the named function of torch.nn.init does, draw for draw. */
export function fillBias(out: Floats, spec: BiasInitSpec, generator: Mt19937): void {
  switch (spec.type) {
    case 'uniform_':
      uniform_(out, spec.a, spec.b, generator)
      return
    case 'normal_':
      normal_(out, spec.mean, spec.std, generator)
      return
    case 'trunc_normal_':
      truncatedNormal_(out, spec.mean, spec.std, spec.a, spec.b, generator)
      return
    case 'constant_':
      out.fill(Math.fround(spec.val))
      return
    case 'ones_':
      out.fill(1)
      return
    case 'zeros_':
      out.fill(0)
      return
  }
}

type KaimingSpec = Extract<InitSpec, { type: 'kaiming_uniform_' | 'kaiming_normal_' }>

function kaimingStd(rows: number, cols: number, spec: KaimingSpec): number {
  const fan = spec.mode === 'fan_in' ? cols : rows
  return calculateGain(spec.nonlinearity, spec.a) / Math.sqrt(fan)
}
