/**
 * Known cards: memory type, bus width in bit and data rate in MT/s as their makers publish them. Used to fill in
 * what no driver told and to check what one did. Null where cards of one name differ.
 */
export interface KnownGpu {
  /** The name without maker and family, as `shortName` gives it. */
  readonly name: RegExp
  readonly type: string | null
  readonly width: number | null
  readonly rate: number | null
  /** Sizes in GiB in which these values hold. */
  readonly sizes: readonly number[]
  /** GPU cores for which they hold, where they decide (Apple). */
  readonly cores?: number
}

type Row = readonly [
  name: string,
  type: string | null,
  width: number | null,
  rate: number | null,
  sizes: readonly number[],
  cores?: number,
]

const NVIDIA: readonly Row[] = [
  ['RTX 5090', 'GDDR7', 512, 28000, [32]],
  ['RTX 5080', 'GDDR7', 256, 30000, [16]],
  ['RTX 5070 Ti', 'GDDR7', 256, 28000, [16]],
  ['RTX 5070', 'GDDR7', 192, 28000, [12]],
  ['RTX 5060 Ti', 'GDDR7', 128, 28000, [8, 16]],
  ['RTX 5060', 'GDDR7', 128, 28000, [8]],
  ['RTX 5050', 'GDDR6', 128, 20000, [8]],
  ['RTX 4090', 'GDDR6X', 384, 21000, [24]],
  ['RTX 4080 SUPER', 'GDDR6X', 256, 23000, [16]],
  ['RTX 4080', 'GDDR6X', 256, 22400, [16]],
  ['RTX 4070 Ti SUPER', 'GDDR6X', 256, 21000, [16]],
  ['RTX 4070 (Ti|SUPER)', 'GDDR6X', 192, 21000, [12]],
  ['RTX 4070', null, 192, null, [12]],
  ['RTX 4060 Ti', 'GDDR6', 128, 18000, [8, 16]],
  ['RTX 4060', 'GDDR6', 128, 17000, [8]],
  ['RTX 3090 Ti', 'GDDR6X', 384, 21000, [24]],
  ['RTX 3090', 'GDDR6X', 384, 19500, [24]],
  ['RTX 3080 Ti', 'GDDR6X', 384, 19000, [12]],
  ['RTX 3080', 'GDDR6X', 320, 19000, [10]],
  ['RTX 3080', 'GDDR6X', 384, 19000, [12]],
  ['RTX 3070 Ti', 'GDDR6X', 256, 19000, [8]],
  ['RTX 3070', 'GDDR6', 256, 14000, [8]],
  ['RTX 3060 Ti', null, 256, null, [8]],
  ['RTX 3060', 'GDDR6', 192, 15000, [12]],
  ['RTX 3060', 'GDDR6', 128, 15000, [8]],
  ['RTX 3050', 'GDDR6', 128, 14000, [8]],
  ['RTX 3050', 'GDDR6', 96, 14000, [6]],
  ['TITAN RTX', 'GDDR6', 384, 14000, [24]],
  ['RTX 2080 Ti', 'GDDR6', 352, 14000, [11]],
  ['RTX 2080 SUPER', 'GDDR6', 256, 15500, [8]],
  ['RTX (2080|2070( SUPER)?|2060 SUPER)', 'GDDR6', 256, 14000, [8]],
  ['RTX 2060', 'GDDR6', 192, 14000, [6, 12]],
  ['GTX 1660 Ti', 'GDDR6', 192, 12000, [6]],
  ['GTX 1660 SUPER', 'GDDR6', 192, 14000, [6]],
  ['GTX 1660', 'GDDR5', 192, 8000, [6]],
  ['GTX 1650 SUPER', 'GDDR6', 128, 12000, [4]],
  ['GTX 1650', null, 128, null, [4]],
  ['GTX 1080 Ti', 'GDDR5X', 352, 11000, [11]],
  ['GTX 1080', 'GDDR5X', 256, 10000, [8]],
  ['GTX 1070( Ti)?', 'GDDR5', 256, 8000, [8]],
  ['GTX 1060', null, 192, 8000, [3, 6]],
  ['GTX 1050 Ti', 'GDDR5', 128, 7000, [4]],
  ['GTX 1050', 'GDDR5', 128, 7000, [2]],
  ['GTX 980 Ti', 'GDDR5', 384, 7000, [6]],
  ['GTX 980', 'GDDR5', 256, 7000, [4]],
  ['T4', 'GDDR6', 256, 10000, [16]],
  ['L4', 'GDDR6', 192, 12500, [24]],
  ['L40S?', 'GDDR6', 384, 18000, [48]],
  ['A10G?', 'GDDR6', 384, 12500, [24]],
  ['A30', 'HBM2', 3072, 2430, [24]],
  ['A40', 'GDDR6', 384, 14500, [48]],
  ['RTX A6000', 'GDDR6', 384, 16000, [48]],
  ['RTX A5000', 'GDDR6', 384, 16000, [24]],
  ['RTX A4000', 'GDDR6', 256, 14000, [16]],
  ['RTX A2000', 'GDDR6', 192, 12000, [6, 12]],
  ['RTX 6000 Ada Generation', 'GDDR6', 384, 20000, [48]],
  ['RTX 5000 Ada Generation', 'GDDR6', 256, 18000, [32]],
  ['RTX 4000 Ada Generation', 'GDDR6', 160, 18000, [20]],
  ['Quadro RTX (6000|8000)', 'GDDR6', 384, 14000, [24, 48]],
  ['P100-PCIE', 'HBM2', 4096, 1430, [16]],
  ['V100-(SXM2|PCIE)', 'HBM2', 4096, 1754, [16, 32]],
  ['A100-(SXM4|PCIE)', 'HBM2', 5120, 2430, [40]],
  ['A100-SXM4', 'HBM2e', 5120, 3186, [80]],
  ['A100 PCIe', 'HBM2e', 5120, 3024, [80]],
  ['H100 PCIe', 'HBM2e', 5120, 3186, [80]],
  ['H100 HBM3', 'HBM3', 5120, 5238, [80]],
  ['H200( NVL)?', 'HBM3e', 6144, null, [141]],
  ['GB10', 'LPDDR5X', 256, 8533, [128]],
  // Laptop cards: makers choose slower memory at times, so only the width is sure.
  ['RTX 5090 Laptop GPU', 'GDDR7', 256, null, [24]],
  ['RTX 5080 Laptop GPU', 'GDDR7', 256, null, [16]],
  ['RTX 5070 Ti Laptop GPU', 'GDDR7', 192, null, [12]],
  ['RTX (5070|5060) Laptop GPU', 'GDDR7', 128, null, [8]],
  ['RTX 4090 Laptop GPU', 'GDDR6', 256, null, [16]],
  ['RTX 4080 Laptop GPU', 'GDDR6', 192, null, [12]],
  ['RTX (4070|4060) Laptop GPU', 'GDDR6', 128, null, [8]],
  ['RTX 4050 Laptop GPU', 'GDDR6', 96, null, [6]],
  ['RTX 3080( Ti)? Laptop GPU', 'GDDR6', 256, null, [8, 16]],
  ['RTX 3070( Ti)? Laptop GPU', 'GDDR6', 256, null, [8]],
  ['RTX 3060 Laptop GPU', 'GDDR6', 192, null, [6]],
  ['RTX 3050( Ti)? Laptop GPU', 'GDDR6', 128, null, [4]],
]

const AMD: readonly Row[] = [
  ['RX 9070( XT)?', 'GDDR6', 256, 20000, [16]],
  ['RX 9060 XT', 'GDDR6', 128, 20000, [8, 16]],
  ['RX 7900 XTX', 'GDDR6', 384, 20000, [24]],
  ['RX 7900 XT', 'GDDR6', 320, 20000, [20]],
  ['RX 7900 GRE', 'GDDR6', 256, 18000, [16]],
  ['RX 7800 XT', 'GDDR6', 256, 19500, [16]],
  ['RX 7700 XT', 'GDDR6', 192, 18000, [12]],
  ['RX 7600( XT)?', 'GDDR6', 128, 18000, [8, 16]],
  ['RX 6950 XT', 'GDDR6', 256, 18000, [16]],
  ['RX (6900 XT|6800( XT)?)', 'GDDR6', 256, 16000, [16]],
  ['RX 6750 XT', 'GDDR6', 192, 18000, [12]],
  ['RX 6700 XT', 'GDDR6', 192, 16000, [12]],
  ['RX 6700', 'GDDR6', 160, 16000, [10]],
  ['RX 6650 XT', 'GDDR6', 128, 17500, [8]],
  ['RX 6600 XT', 'GDDR6', 128, 16000, [8]],
  ['RX 6600', 'GDDR6', 128, 14000, [8]],
  ['RX 6500 XT', 'GDDR6', 64, 18000, [4]],
  ['RX 6400', 'GDDR6', 64, 16000, [4]],
  ['RX 5700( XT)?', 'GDDR6', 256, 14000, [8]],
  ['RX 5600 XT', 'GDDR6', 192, null, [6]],
  ['RX 5500 XT', 'GDDR6', 128, 14000, [4, 8]],
  ['RX Vega 64', 'HBM2', 2048, 1890, [8]],
  ['RX Vega 56', 'HBM2', 2048, 1600, [8]],
  ['VII', 'HBM2', 4096, 2000, [16]],
  ['RX 580', 'GDDR5', 256, 8000, [8]],
  ['Instinct MI100', 'HBM2', 4096, 2400, [32]],
  ['Instinct MI210', 'HBM2e', 4096, 3200, [64]],
  ['Instinct MI300X', 'HBM3', 8192, 5200, [192]],
]

const INTEL: readonly Row[] = [
  ['B580', 'GDDR6', 192, 19000, [12]],
  ['B570', 'GDDR6', 160, 19000, [10]],
  ['A770', 'GDDR6', 256, 17500, [16]],
  ['A770', 'GDDR6', 256, 16000, [8]],
  ['(A750|A580)', 'GDDR6', 256, 16000, [8]],
  ['A380', 'GDDR6', 96, 15500, [6]],
  ['A310', 'GDDR6', 64, 15500, [4]],
]

/** Unified memory: any size. */
const APPLE: readonly Row[] = [
  ['M1', 'LPDDR4X', 128, 4266, []],
  ['M[12] Pro', 'LPDDR5', 256, 6400, []],
  ['M[12] Max', 'LPDDR5', 512, 6400, []],
  ['M[123] Ultra', 'LPDDR5', 1024, 6400, []],
  ['M[23]', 'LPDDR5', 128, 6400, []],
  ['M3 Pro', 'LPDDR5', 192, 6400, []],
  ['M3 Max', 'LPDDR5', 384, 6400, [], 30],
  ['M3 Max', 'LPDDR5', 512, 6400, [], 40],
  ['M4', 'LPDDR5X', 128, 7500, []],
  ['M4 Pro', 'LPDDR5X', 256, 8533, []],
  ['M4 Max', 'LPDDR5X', 384, 8533, [], 32],
  ['M4 Max', 'LPDDR5X', 512, 8533, [], 40],
]

/** By vendor as `vendorByPciId` names it. */
export const KNOWN_GPUS: Readonly<Record<string, readonly KnownGpu[]>> = {
  NVIDIA: known(NVIDIA),
  AMD: known(AMD),
  Intel: known(INTEL),
  Apple: known(APPLE),
}

function known(rows: readonly Row[]): readonly KnownGpu[] {
  return rows.map(([name, type, width, rate, sizes, cores]) => ({
    name: new RegExp(`^(${name})$`, 'i'),
    type,
    width,
    rate,
    sizes,
    ...(cores === undefined ? {} : { cores }),
  }))
}
