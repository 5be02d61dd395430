import * as z from 'zod'

/** What `train --json` may print, and options that make a training short. */

export const small = [
  '--set',
  'model.layers=[{"type":"Linear","outFeatures":16},{"type":"ReLU"},{"type":"Linear","outFeatures":10}]',
  '--set',
  'dataset.trainSize=2000',
]

export const stepLine = z.strictObject({
  type: z.literal('step'),
  step: z.int(),
  epoch: z.int(),
  loss: z.number(),
  lr: z.number(),
})
export const epochLine = z.strictObject({
  type: z.literal('epoch'),
  epoch: z.int(),
  trainLoss: z.number(),
  trainAccuracy: z.number(),
  valLoss: z.number().optional(),
  valAccuracy: z.number().optional(),
  seconds: z.number(),
  imagesPerSecond: z.number(),
})
export const doneLine = z.strictObject({
  type: z.literal('done'),
  run: z.string(),
  device: z.string(),
  testLoss: z.number(),
  testAccuracy: z.number(),
  seconds: z.number(),
})
export const trainLine = z.discriminatedUnion('type', [stepLine, epochLine, doneLine])
