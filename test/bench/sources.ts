import type { ContenderSource } from './contender-source'
import { cpuSource } from './sources/cpu'
import { jsSource } from './sources/js'
import { torchSource } from './sources/torch'
import { webgpuSource } from './sources/webgpu'

export const sources: readonly ContenderSource[] = [cpuSource, webgpuSource, torchSource, jsSource]
