import { expect, test } from 'vitest'
import { createCpuBackend } from '#core/backend/cpu/cpu-backend'
import { presetById } from '#core/spec/presets'
import type { TrainerSignal } from '#core/training/signal'
import { createTrainer } from '#core/training/trainer'
import { readGolden } from '../../golden'
import { readMnist } from '../../mnist'

interface StarterRuns {
  readonly runs: readonly {
    readonly seed: number
    readonly trainLoss: readonly number[]
    readonly testAccuracy: number
  }[]
}

const dataset = readMnist()
const golden = readGolden('starter') as StarterRuns

/** The starter over 5 epochs of all 60,000 images, in plain SIMD: the same bits on every machine. */
async function trainStarter(seed: number) {
  const starter = presetById('starter')
  const signals: TrainerSignal[] = []
  const trainer = await createTrainer({
    spec: { ...starter, training: { ...starter.training, epochs: 5, seed } },
    dataset,
    backend: await createCpuBackend({ threads: 1, relaxedSimd: false }),
    clock: () => performance.now(),
    onEvent: (signal) => {
      if (signal.type === 'epoch' || signal.type === 'test') signals.push(signal)
    },
  })
  await trainer.run()
  await trainer.dispose()
  return {
    trainLoss: signals.flatMap((signal) =>
      signal.type === 'epoch' ? signal.record.trainLoss : [],
    ),
    testAccuracy: signals.flatMap((signal) =>
      signal.type === 'test' ? signal.record.testAccuracy : [],
    ),
  }
}

test('the starter learns MNIST as it does in PyTorch: 97.4 % and more after 5 epochs, mean of 5 seeds', async () => {
  const accuracies: number[] = []
  for (const expected of golden.runs) {
    const { trainLoss, testAccuracy } = await trainStarter(expected.seed)
    expect(trainLoss).toHaveLength(5)
    // Over 938 steps an epoch rounding parts any two programs; the curves stay on top of each other.
    for (const [epoch, loss] of expected.trainLoss.entries())
      expect(Math.abs((trainLoss[epoch] ?? NaN) - loss)).toBeLessThan(2e-3)
    accuracies.push(testAccuracy[0] ?? NaN)
  }
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  console.log(`test accuracy of the starter, seeds 0 to 4: ${accuracies.join(', ')}`)
  expect(mean(accuracies)).toBeGreaterThanOrEqual(0.974)
  const theirs = mean(golden.runs.map(({ testAccuracy }) => testAccuracy))
  expect(Math.abs(mean(accuracies) - theirs)).toBeLessThan(0.002)
})
