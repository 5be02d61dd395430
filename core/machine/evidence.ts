import type {
  CpuReport,
  DiskReport,
  GpuReport,
  HostReport,
  MemoryReport,
  ModuleReport,
  OsReport,
} from './report'
import type { Part } from './merge'

/** What one source knows: any part of a report. */
export interface Evidence {
  readonly host?: Part<HostReport>
  readonly os?: Part<OsReport>
  readonly cpu?: Part<CpuReport>
  readonly memory?: Part<MemoryReport>
  readonly modules?: readonly Part<ModuleReport>[]
  readonly gpus?: readonly Part<GpuReport>[]
  readonly disk?: Part<DiskReport>
}
