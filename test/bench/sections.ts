import type { Section } from './section'
import { accuracySection } from './sections/accuracy'
import { extrasSection } from './sections/extras'
import { gpuSection } from './sections/gpu'
import { netsSection } from './sections/nets'
import { predictSection } from './sections/predict'
import { processesSection } from './sections/processes'

/** In the order they run. */
export const sections: readonly Section[] = [
  netsSection,
  gpuSection,
  accuracySection,
  processesSection,
  extrasSection,
  predictSection,
]
