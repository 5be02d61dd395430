import type { Floats } from '#core/tensor/floats'
import type { Mt19937 } from '#core/tensor/mt19937'
import { normal_, randperm } from '#core/tensor/torch-random'

/** torch.nn.init.sparse_ for a matrix [rows, cols]: normal values, ceil(sparsity * rows) zeros in each column. */
export function sparse_(
  out: Floats,
  rows: number,
  cols: number,
  sparsity: number,
  std: number,
  generator: Mt19937,
): void {
  normal_(out, 0, std, generator)
  const zeros = Math.ceil(sparsity * rows)
  for (let c = 0; c < cols; c++)
    for (const r of randperm(rows, generator).subarray(0, zeros)) out[r * cols + c] = 0
}
