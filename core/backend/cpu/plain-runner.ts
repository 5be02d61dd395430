import type { ForwardContext } from '#core/nn/module'
import { type PanelMatrix, panelCount, readPanels, writePanels } from './panels'
import type { PlainSegment } from './segments'

/** Runs the plain layers of a segment over row-major copies of its panels. */
export class PlainRunner {
  private readonly floats: Float32Array

  constructor(floats: Float32Array) {
    this.floats = floats
  }

  forward({ layer, input, output }: PlainSegment, n: number, context: ForwardContext): void {
    if (input === null) return
    const values = layer.forward(this.read(input, n), n, context) as Float32Array
    writePanels(this.floats, output, values, n)
  }

  backward({ layer, outputGradient, inputGradient }: PlainSegment, n: number): void {
    const dy = this.read(outputGradient, n)
    const gradient = layer.backward(dy, n, inputGradient !== null) as Float32Array
    if (inputGradient !== null) writePanels(this.floats, inputGradient, gradient, n)
  }

  /** sum = a + b, all [n, columns]. */
  add(a: PanelMatrix, b: PanelMatrix, sum: PanelMatrix, n: number): void {
    const { floats } = this
    for (let panel = 0; panel < panelCount(sum.columns); panel++) {
      const [from, other, to] = [a, b, sum].map((m) => (m.address + panel * m.stride) / 4)
      if (from === undefined || other === undefined || to === undefined) return
      for (let i = 0; i < n * 8; i++)
        floats[to + i] = (floats[from + i] as number) + (floats[other + i] as number)
    }
  }

  /** to = from, both [n, columns]. */
  copy(from: PanelMatrix, to: PanelMatrix, n: number): void {
    for (let panel = 0; panel < panelCount(from.columns); panel++) {
      const begin = (from.address + panel * from.stride) / 4
      this.floats.copyWithin((to.address + panel * to.stride) / 4, begin, begin + n * 8)
    }
  }

  /** A fresh row-major copy: layers keep what they are given until the backward pass. */
  read(matrix: PanelMatrix, n: number): Float32Array {
    const values = new Float32Array(n * matrix.columns)
    readPanels(this.floats, matrix, values, n)
    return values
  }
}
