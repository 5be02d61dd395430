import { describe, expect, it } from 'vitest'
import { trainingSchema } from '#core/spec/training'

describe('the training spec', () => {
  it('has a default for everything', () => {
    expect(trainingSchema.parse({})).toEqual({
      epochs: 10,
      batchSize: 64,
      shuffle: true,
      dropLast: false,
      seed: 0,
      clipGradNorm: null,
      clipGradValue: null,
      maxNorm: null,
      earlyStopping: null,
      averaging: null,
      diagnoseEvery: 0,
    })
  })

  it('takes batches of one, of any size and of all', () => {
    for (const batchSize of [1, 60000, 'full']) {
      expect(trainingSchema.parse({ batchSize }).batchSize).toBe(batchSize)
    }
  })

  it('completes early stopping and averaging', () => {
    const spec = trainingSchema.parse({
      earlyStopping: {},
      averaging: { type: 'SWA', startEpoch: 3 },
    })
    expect(spec.earlyStopping).toEqual({
      monitor: 'valLoss',
      patience: 5,
      minDelta: 0,
      restoreBest: true,
    })
    expect(spec.averaging).toEqual({
      type: 'SWA',
      startEpoch: 3,
      swaLr: null,
      annealEpochs: 10,
      annealStrategy: 'cos',
    })
    expect(trainingSchema.parse({ averaging: { type: 'EMA' } }).averaging).toEqual({
      type: 'EMA',
      decay: 0.999,
    })
  })

  it.each([
    [{ batchSize: 0 }, 'batchSize', 'must be a whole number >= 1, or "full"'],
    [{ batchSize: 'half' }, 'batchSize', 'must be a whole number >= 1, or "full"'],
    [{ epochs: 0 }, 'epochs', 'must be a whole number >= 1'],
    [{ epochs: 1.5 }, 'epochs', 'must be a whole number >= 1'],
    [{ seed: 2 ** 32 }, 'seed', 'must be a whole number from 0 to 4294967295'],
    [{ clipGradNorm: 0 }, 'clipGradNorm', 'must be a number > 0'],
    [{ maxNorm: -1 }, 'maxNorm', 'must be a number > 0'],
    [{ averaging: { type: 'EMA', decay: 2 } }, 'averaging.decay', 'must be a number from 0 to 1'],
    [{ diagnoseEvery: -1 }, 'diagnoseEvery', 'must be a whole number >= 0'],
  ])('refuses %j', (input, path, message) => {
    const [issue] = trainingSchema.safeParse(input).error?.issues ?? []
    expect(issue?.path.join('.')).toBe(path)
    expect(issue?.message).toContain(message)
  })
})
