import type { Nonlinearity } from '#core/spec/init'

/** torch.nn.init.calculate_gain. For self-normalising nets use 'linear', not 'selu'. */
export function calculateGain(nonlinearity: Nonlinearity, slope: number): number {
  switch (nonlinearity) {
    case 'linear':
    case 'sigmoid':
      return 1
    case 'tanh':
      return 5 / 3
    case 'relu':
      return Math.sqrt(2)
    case 'leaky_relu':
      return Math.sqrt(2 / (1 + slope * slope))
    case 'selu':
      return 3 / 4
  }
}
