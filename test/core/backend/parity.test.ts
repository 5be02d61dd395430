import { describe, expect, test } from 'vitest'
import { readMnist } from '../../mnist'
import { backends } from './backends'
import { goldenTraces } from './golden-traces'
import { specOf, traceOf, worst, worstWeights } from './trace'

const mnist = readMnist()

/** A run that reaches its end evaluates the test set; nothing here looks at that. */
const dataset = { ...mnist, test: { ...mnist.test, count: 10 } }

for (const { backend, precision } of backends) {
  describe(`the same seed gives PyTorch's run on ${backend.description}`, () => {
    for (const golden of goldenTraces(precision))
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
