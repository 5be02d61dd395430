import { referenceBackend } from '#core/backend/reference/reference-backend'
import { describeParity } from './parity'
import { specOf } from './trace'

// A full batch of 1,000 images takes the plain reference seconds a step: one net of three stands for them here, and the CPU
// backend runs them all.
describeParity(
  referenceBackend,
  'float64',
  ({ name, spec }) => name.startsWith('1 hidden') || specOf(spec).training.batchSize !== 'full',
)
