import { describe, expect, test } from 'vitest'
import type { Backend } from '#core/backend/backend'
import { readMnist } from '../../mnist'
import { goldenTraces, type GoldenTrace, type Precision } from './golden-traces'
import { specOf, traceOf, worst, worstWeights } from './trace'

const mnist = readMnist()

/** A run that reaches its end evaluates the test set; nothing here looks at that. */
const dataset = { ...mnist, test: { ...mnist.test, count: 10 } }

/** Trains every golden run for which `wanted` is true and compares losses and final weights with PyTorch's. */
export function describeParity(
  backend: Backend,
  precision: Precision,
  wanted: (golden: GoldenTrace) => boolean = () => true,
): void {
  describe(`the same seed gives PyTorch's run on ${backend.description}`, () => {
    for (const golden of goldenTraces(precision).filter(wanted))
      test(golden.name, async () => {
        const { expected, comparableSteps, weightTolerance } = golden
        const run = await traceOf(specOf(golden.spec), dataset, backend, golden.steps)
        expect(worst(run.losses, expected.losses.slice(0, comparableSteps))).toBeLessThan(
          golden.lossTolerance,
        )
        if (weightTolerance === null) return
        expect(worstWeights(run.final, expected.final)).toBeLessThan(weightTolerance)
        if (expected.averaged !== undefined)
          expect(worstWeights(run.averaged, expected.averaged)).toBeLessThan(weightTolerance)
      })
  })
}
