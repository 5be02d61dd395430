import { Worker } from 'node:worker_threads'
import type { Answer } from '#core/contract/answers'
import type { Dataset } from '#core/data/dataset'
import type { RunSpec } from '#core/spec/run-spec'
import type { DepthFigure } from '#core/training/depth-profile'
import type { EngineData } from './engine-message'
import { firstImages } from './first-images'

const PROFILE_IMAGES = 64

/** Depth profiles of specs that are not trained yet, on a thread of their own: a newer question ends the older one. */
export class DepthProfiles {
  private readonly script: URL
  private cancelPresent: (() => void) | null = null

  /** script: the built engine.js. */
  constructor(script: URL) {
    this.script = script
  }

  /** null where a newer question came before the answer. */
  async profile(spec: RunSpec, dataset: Dataset): Promise<Answer<'depthProfile'>> {
    this.cancel()
    const data: EngineData = {
      device: 'profile',
      spec,
      dataset: firstImages(dataset, PROFILE_IMAGES),
    }
    const worker = new Worker(this.script, { workerData: data, name: 'depth profile' })
    const figures = await new Promise<readonly DepthFigure[] | null>((resolve, reject) => {
      this.cancelPresent = () => {
        resolve(null)
      }
      worker.once('message', resolve)
      worker.once('error', reject)
    }).finally(() => worker.terminate())
    return figures === null ? null : { layers: figures.map(withoutInfinities) }
  }

  cancel(): void {
    this.cancelPresent?.()
    this.cancelPresent = null
  }
}

/** Messages are JSON, which knows no infinity. */
function withoutInfinities({ activationVariance, gradientVariance, ...layer }: DepthFigure) {
  return {
    ...layer,
    activationVariance: finiteOrNull(activationVariance),
    gradientVariance: finiteOrNull(gradientVariance),
  }
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
