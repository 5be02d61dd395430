import type { Section } from './section'
import { netsSection } from './sections/nets'

/** In the order they run. */
export const sections: readonly Section[] = [netsSection]
