import type { Page } from '@playwright/test'

/** Milliseconds between the frames of a page, for three seconds. */
export function framesOf(target: Page): Promise<readonly number[]> {
  return target.evaluate(
    () =>
      new Promise<readonly number[]>((resolve) => {
        const intervals: number[] = []
        const begun = performance.now()
        let last = begun
        const frame = (now: number): void => {
          intervals.push(now - last)
          last = now
          if (now - begun < 3000) requestAnimationFrame(frame)
          else resolve(intervals.slice(1))
        }
        requestAnimationFrame(frame)
      }),
  )
}

export function describeFrames(intervals: readonly number[]): string {
  const sorted = [...intervals].sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(1)
  return `${intervals.length} frames in 3 s, median ${at(0.5)} ms, 99 % under ${at(0.99)} ms, longest ${at(1)} ms`
}
