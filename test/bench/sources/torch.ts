import { join } from 'node:path'
import { ChildContender } from '../child-contender'
import type { ContenderSource } from '../contender-source'
import { usageError } from '../../../electron/cli/command'
import { textOption } from '../section'
import { trainImagesPath } from '../train-images-path'

/** Plain PyTorch, its fused optimizers, and those with denormals flushed. */
const VARIANTS = ['eager', 'fused', 'flush']

/** PyTorch: three variants for each number of threads, each in a process of its own. */
export const torchSource: ContenderSource = {
  name: 'torch',
  kind: 'rival',
  options: { python: { type: 'string', default: 'python3' } },
  async open({ threadCounts, scripts }, values) {
    const python = textOption(values, 'python') ?? 'python3'
    const script = join(scripts, 'torch_bench.py')
    const contenders = threadCounts.flatMap((threads) =>
      VARIANTS.map(
        (variant) =>
          new ChildContender({
            name: `torch ${variant}`,
            family: 'torch',
            threads,
            command: python,
            args: [script, String(threads), variant, trainImagesPath()],
          }),
      ),
    )
    try {
      for (const contender of contenders) await contender.ready()
    } catch (error) {
      await Promise.all(contenders.map((contender) => contender.close()))
      throw usageError(
        `--compare torch needs a Python with PyTorch; "${python}" did not start it: ${String(error)}\n` +
          'Name another one with --python PATH, or install it: pip install torch',
      )
    }
    return contenders
  },
}
