import type { Backend } from '#core/backend/backend'
import { referenceBackend } from '#core/backend/reference/reference-backend'

/** Every backend under the conformance suite, with the precision that it computes in. */
export const backends: readonly {
  readonly backend: Backend
  readonly precision: 'float32' | 'float64'
}[] = [{ backend: referenceBackend, precision: 'float64' }]
