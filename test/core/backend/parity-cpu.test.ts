import { backends } from './backends'
import { describeParity } from './parity'

for (const { backend, precision } of backends)
  if (backend.device === 'cpu') describeParity(backend, precision)
