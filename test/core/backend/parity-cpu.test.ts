import { backends } from './backends'
import { describeParity } from './parity'

const [first, ...others] = backends.filter(({ backend }) => backend.device === 'cpu')
if (first === undefined) throw new Error('expected a CPU backend')

describeParity(first.backend, first.precision)
// The kernels of both kinds of SIMD take the same options.
for (const { backend, precision } of others)
  describeParity(backend, precision, ({ ofOptions }) => !ofOptions)
