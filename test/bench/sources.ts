import type { ContenderSource } from './contender-source'
import { cpuSource } from './sources/cpu'
import { torchSource } from './sources/torch'

export const sources: readonly ContenderSource[] = [cpuSource, torchSource]
