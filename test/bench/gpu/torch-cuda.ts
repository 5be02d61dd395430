import { join } from 'node:path'
import type { Contender } from '../../../electron/bench/contender'
import type { StandardNet } from '../../../electron/bench/standard-nets'
import { ChildContender } from '../child-contender'
import { trainImagesPath } from '../train-images-path'

/** As a tutorial writes it, with a fused optimizer, compiled, and the whole step as a CUDA graph. */
const VARIANTS = ['eager', 'fused', 'compile', 'graph'] as const

export interface TorchCudaParts {
  readonly scripts: string
  readonly python: string
  /** About how long a measurement lasts. */
  readonly seconds: number
  /** 'cpu' only to try the script where there is no GPU. */
  readonly device: 'cuda' | 'cpu'
  /** Each variant takes steps of it before it is let in. */
  readonly trial: StandardNet | undefined
  /** Says which variants are left out and why. */
  readonly print: (line: string) => void
}

/** PyTorch's variants that this machine can run, each in a process of its own. */
export async function torchCuda(parts: TorchCudaParts): Promise<readonly Contender[]> {
  const { scripts, python, seconds, device, print, trial } = parts
  const contenders: Contender[] = []
  for (const variant of VARIANTS) {
    const contender = new ChildContender({
      name: `torch ${device} ${variant}`,
      family: 'torch',
      threads: 1,
      device: device === 'cuda' ? 'gpu' : 'cpu',
      command: python,
      args: [
        join(scripts, 'torch_cuda_bench.py'),
        variant,
        trainImagesPath(),
        String(seconds),
        '--device',
        device,
      ],
    })
    try {
      await contender.ready()
      // A compiler or a graph fails at the first step: what PyTorch cannot do here is left out, not the whole table.
      if (trial !== undefined) await contender.measure(trial)
      contenders.push(contender)
    } catch (error) {
      print(`Left out: ${error instanceof Error ? error.message : String(error)}`)
      await contender.close()
    }
  }
  return contenders
}
