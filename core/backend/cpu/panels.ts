/*
 * The layout of every matrix in the engine: panels of 8 columns. A matrix [rows, columns] is stored as
 * [ceil(columns / 8)][row capacity][8], so that a product reads one operand in whole vectors and the other one by
 * single values, both from consecutive addresses, without packing:
 *   forward      Y  [batch, out] = X [batch, in] W [in, out]
 *   input        Gxᵀ [in, batch] = W [in, out] Gyᵀ [out, batch]
 *   weight       Gw [in, out]    = Xᵀ Gy, Gy [batch, out]
 * Weights are therefore kept as [in, out], the transpose of torch's.
 */

/** Columns of a panel: two vectors of four float32. */
export const PANEL = 8
export const ROW_BYTES = 32

export interface PanelMatrix {
  /** Byte address of the first panel, a multiple of 256. */
  readonly address: number
  /** Rows that hold values. */
  readonly rows: number
  readonly columns: number
  /** Bytes from one panel to the next. */
  readonly stride: number
}

export function panelCount(columns: number): number {
  return Math.ceil(columns / PANEL)
}

/** Bytes of one panel: whole blocks of 8 x 8, and off the powers of two that would fall on the same cache lines. */
export function panelStride(rows: number): number {
  const block = PANEL * ROW_BYTES
  const bytes = Math.ceil(rows / PANEL) * block
  return bytes % 2048 === 0 ? bytes + block : bytes
}

/** Copies row-major values [rows, columns] into panels. Padding is left as it is. */
export function writePanels(
  memory: Float32Array,
  matrix: PanelMatrix,
  values: Float32Array | Float64Array,
  rows: number,
): void {
  const { columns } = matrix
  for (let panel = 0; panel * PANEL < columns; panel++) {
    const width = Math.min(PANEL, columns - panel * PANEL)
    let to = (matrix.address + panel * matrix.stride) / 4
    for (let from = panel * PANEL; from < rows * columns; from += columns, to += PANEL)
      for (let i = 0; i < width; i++) memory[to + i] = values[from + i] as number
  }
}

/** Copies panels into row-major values [rows, columns]. */
export function readPanels(
  memory: Float32Array,
  matrix: PanelMatrix,
  values: Float32Array | Float64Array,
  rows: number,
): void {
  const { columns } = matrix
  for (let panel = 0; panel * PANEL < columns; panel++) {
    const width = Math.min(PANEL, columns - panel * PANEL)
    let from = (matrix.address + panel * matrix.stride) / 4
    for (let to = panel * PANEL; to < rows * columns; to += columns, from += PANEL)
      for (let i = 0; i < width; i++) values[to + i] = memory[from + i] as number
  }
}

/** Copies the transpose of row-major values [columns, rows], as torch keeps weights, into panels. Padding is left as it is. */
export function writeTransposed(
  memory: Float32Array,
  matrix: PanelMatrix,
  values: Float32Array | Float64Array,
): void {
  const { rows, columns } = matrix
  for (let column = 0; column < columns; column++) {
    const base = (matrix.address + (column >> 3) * matrix.stride) / 4 + (column & 7)
    for (let row = 0; row < rows; row++)
      memory[base + row * PANEL] = values[column * rows + row] as number
  }
}

/** Copies panels into the transposed row-major values [columns, rows]. */
export function readTransposed(
  memory: Float32Array,
  matrix: PanelMatrix,
  values: Float32Array | Float64Array,
): void {
  const { rows, columns } = matrix
  for (let column = 0; column < columns; column++) {
    const base = (matrix.address + (column >> 3) * matrix.stride) / 4 + (column & 7)
    for (let row = 0; row < rows; row++)
      values[column * rows + row] = memory[base + row * PANEL] as number
  }
}
