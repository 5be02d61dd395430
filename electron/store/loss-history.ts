import type { LossSeries } from '#core/contract/answers'
import type { StepsLine } from './metrics-lines'

/** More than a chart has pixels, few enough to send at once. */
const LIMIT = 5_000

interface Point {
  readonly step: number
  readonly loss: number
  readonly accuracy: number
  readonly lr: number
}

/**
 * The loss curve of a run in at most 5,000 points: steps fall into buckets of equal length, and of each bucket the
 * lowest and the highest loss are kept, so that spikes survive. Losses that are not finite are left out.
 */
export class LossHistory {
  private points: Point[] = []
  /** Steps a bucket; 1 keeps every step. */
  private bucket = 1

  add({ first, losses, accuracies, lrs }: Omit<StepsLine, 'type'>): void {
    losses.forEach((loss, index) => {
      if (loss === null || !Number.isFinite(loss)) return
      this.addPoint({
        step: first + index,
        loss: Number(loss.toPrecision(7)),
        accuracy: Number((accuracies[index] ?? 0).toPrecision(4)),
        lr: lrs[index] ?? 0,
      })
    })
  }

  series(): LossSeries {
    return {
      steps: this.points.map(({ step }) => step),
      losses: this.points.map(({ loss }) => loss),
      accuracies: this.points.map(({ accuracy }) => accuracy),
      lrs: this.points.map(({ lr }) => lr),
    }
  }

  private addPoint(point: Point): void {
    place(this.points, point, this.bucket)
    if (this.points.length <= LIMIT) return
    // Two points a bucket: only from 4 steps a bucket on does their number shrink.
    this.bucket = this.bucket === 1 ? 4 : this.bucket * 2
    const thinned: Point[] = []
    for (const kept of this.points) place(thinned, kept, this.bucket)
    this.points = thinned
  }
}

/** Appends `point`; where its bucket then holds three, the one between lowest and highest goes. */
function place(points: Point[], point: Point, bucket: number): void {
  const a = points.at(-2)
  const b = points.at(-1)
  if (a === undefined || b === undefined || bucketOf(a, bucket) !== bucketOf(point, bucket)) {
    points.push(point)
    return
  }
  const lowest = Math.min(a.loss, b.loss, point.loss)
  const highest = Math.max(a.loss, b.loss, point.loss)
  if (b.loss !== lowest && b.loss !== highest) points.pop()
  else if (a.loss !== lowest && a.loss !== highest) points.splice(-2, 1)
  else if (point.loss !== lowest && point.loss !== highest) return
  // Equal losses: the later point stands for both.
  else points.pop()
  points.push(point)
}

function bucketOf({ step }: Point, bucket: number): number {
  return Math.floor((step - 1) / bucket)
}
