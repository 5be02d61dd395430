import type {
  CpuReport,
  DiskReport,
  GpuReport,
  HostReport,
  MemoryReport,
  ModuleReport,
  OsReport,
} from './report'
import { unknownLeaf } from './measured'

/** Records in which nothing is known yet: the list of leaves, each with its unit. */

const text = unknownLeaf(null)
const count = unknownLeaf(null)
const bytes = unknownLeaf('bytes')
const megahertz = unknownLeaf('MHz')
const transfers = unknownLeaf('MT/s')
const bits = unknownLeaf('bit')
const bandwidth = unknownLeaf('GB/s')

export const BLANK_CPU: CpuReport = {
  name: text,
  vendor: text,
  architecture: text,
  sockets: count,
  cores: count,
  performanceCores: count,
  efficiencyCores: count,
  threads: count,
  clockBase: megahertz,
  clockMax: megahertz,
  cacheL1d: bytes,
  cacheL2: bytes,
  cacheL3: bytes,
  simd: text,
  virtual: text,
}

export const BLANK_MEMORY: MemoryReport = {
  total: bytes,
  used: bytes,
  available: bytes,
  type: text,
  speed: transfers,
  speedRated: transfers,
  dataWidth: bits,
  busWidth: bits,
  slots: count,
  slotsPopulated: count,
  channels: count,
  ecc: text,
  bandwidth,
}

export const BLANK_MODULE: ModuleReport = {
  locator: text,
  size: bytes,
  type: text,
  speed: transfers,
  speedRated: transfers,
  dataWidth: bits,
  totalWidth: bits,
  formFactor: text,
  manufacturer: text,
  partNumber: text,
}

export const BLANK_GPU: GpuReport = {
  id: text,
  name: text,
  vendor: text,
  kind: text,
  pciId: text,
  memoryTotal: bytes,
  memoryUsed: bytes,
  memoryShared: bytes,
  memoryType: text,
  memoryClock: megahertz,
  memoryClockMax: megahertz,
  memoryDataRate: transfers,
  memoryBusWidth: bits,
  memoryBandwidth: bandwidth,
  coreClock: megahertz,
  coreClockMax: megahertz,
  cores: count,
  driver: text,
  apis: text,
  pcieGeneration: count,
  pcieWidth: unknownLeaf('lanes'),
  powerLimit: unknownLeaf('W'),
  temperature: unknownLeaf('°C'),
  utilization: unknownLeaf('%'),
}

export const BLANK_OS: OsReport = { name: text, version: text, kernel: text, architecture: text }

export const BLANK_DISK: DiskReport = { path: text, total: bytes, free: bytes }

export const BLANK_HOST: HostReport = { name: text, model: text }
