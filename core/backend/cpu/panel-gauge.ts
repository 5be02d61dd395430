import type { Module } from '#core/nn/module'
import type { ElementwiseLayer } from '#core/nn/modules/elementwise-layer'
import { BINS } from '../distribution'
import type { LayerFigures, LayerGauge } from '../layer-gauge'
import type { Distribution } from '../layer-report'
import { type Between, type SlopeBounds, slopeBounds } from '../slopes'
import type { Arena } from './arena'
import { binsPass, binWords, moments, momentsPass, steep, steepPass } from './kernels/figures'
import type { PanelLayer } from './panel-layers'
import { PANEL, type PanelMatrix, panelCount } from './panels'
import { part, type Program } from './program'
import type { ModuleBuilder } from './wasm/module-builder'

/** A matrix whose values are looked at. */
interface Gauged {
  readonly matrix: PanelMatrix
  /** Address of what `momentsPass` leaves of each panel. */
  readonly moments: number
  /** Addresses of what `binsPass` is told, and of its counts for each thread. */
  readonly scaling: number
  readonly counts: number
}

/** Where the derivative of an activation is looked at. */
interface Slope {
  readonly bounds: SlopeBounds
  readonly boundsAt: number
  readonly output: PanelMatrix
  /** Address of what `steepPass` leaves of each panel. */
  readonly counts: number
}

interface GaugedLayer {
  readonly layer: Module
  readonly output: Gauged
  readonly outputGradient: Gauged
  readonly slope: Slope | null
}

/** Figures of the layers that kernels compute, from the panels: sums, then the histograms between what they found, by all threads. */
export class PanelGauge implements LayerGauge {
  private readonly layers: readonly GaugedLayer[]
  private readonly threads: number
  private figures: ReadonlyMap<Module, LayerFigures> = new Map()
  private floats: Float32Array = new Float32Array(0)
  private doubles: Float64Array = new Float64Array(0)
  private words: Int32Array = new Int32Array(0)

  constructor(arena: Arena, layers: readonly PanelLayer[], threads: number) {
    this.threads = threads
    const gauged = (matrix: PanelMatrix): Gauged => ({
      matrix,
      moments: arena.reserve(panelCount(matrix.columns) * moments.bytes),
      scaling: arena.reserve(16),
      counts: arena.reserve(threads * binWords.bytes),
    })
    const slope = (activation: ElementwiseLayer, output: PanelMatrix): Slope => ({
      bounds: boundsOf(activation),
      boundsAt: arena.reserve(16),
      output,
      counts: arena.reserve(panelCount(output.columns) * steep.bytes),
    })
    this.layers = layers.map(({ layer, output, outputGradient, activation }) => ({
      layer,
      output: gauged(output),
      outputGradient: gauged(outputGradient),
      slope: activation === null ? null : slope(activation, output),
    }))
  }

  emit(module: ModuleBuilder): void {
    momentsPass(module, 'moments')
    binsPass(module, 'bins')
    steepPass(module, 'steep')
  }

  attach(memory: ArrayBufferLike): void {
    this.floats = new Float32Array(memory)
    this.doubles = new Float64Array(memory)
    this.words = new Int32Array(memory)
    for (const { slope } of this.layers)
      if (slope !== null)
        this.floats.set([...slope.bounds.slanted, ...slope.bounds.notFlat], slope.boundsAt / 4)
  }

  /** Measures the batch at hand. */
  addTo(program: Program): void {
    const gauged = this.layers.flatMap(({ output, outputGradient }) => [output, outputGradient])
    const slopes = this.layers.flatMap(({ slope }) => (slope === null ? [] : [slope]))
    program.onTeam((share) => [
      ...gauged.flatMap(({ matrix, moments: to }) =>
        panelsOf(matrix, part(panelCount(matrix.columns), share)).map(({ panel, address }) => ({
          kernel: 'moments',
          operands: [address, share.rows, matrix.address, to + panel * moments.bytes],
        })),
      ),
      ...slopes.flatMap(({ output, boundsAt, counts }) =>
        panelsOf(output, part(panelCount(output.columns), share)).map(({ panel, address }) => ({
          kernel: 'steep',
          operands: [address, share.rows, boundsAt, counts + panel * steep.bytes],
        })),
      ),
    ])
    const ranges: Omit<Distribution, 'histogram'>[] = []
    program.onLeader((rows) => {
      gauged.forEach((one, i) => {
        ranges[i] = this.rangeOf(one, rows)
      })
    })
    program.onTeam((share) =>
      gauged.flatMap(({ matrix, scaling, counts }) =>
        panelsOf(matrix, part(panelCount(matrix.columns), share)).map(({ address, width }) => ({
          kernel: 'bins',
          operands: [address, share.rows, width, scaling, counts + share.thread * binWords.bytes],
        })),
      ),
    )
    program.onLeader((rows) => {
      const found = gauged.map((one, i) => ({
        ...(ranges[i] as Omit<Distribution, 'histogram'>),
        histogram: this.histogramOf(one),
      }))
      this.figures = new Map(
        this.layers.map(({ layer, slope }, i) => [
          layer,
          {
            output: found[2 * i] as Distribution,
            outputGradient: found[2 * i + 1] as Distribution,
            ...this.sharesOf(slope, rows),
          },
        ]),
      )
    })
  }

  of(layer: Module): LayerFigures | null {
    return this.figures.get(layer) ?? null
  }

  /** Makes ready for the histogram, too. */
  private rangeOf(gauged: Gauged, rows: number): Omit<Distribution, 'histogram'> {
    const { floats, doubles, words } = this
    const { matrix, scaling, counts } = gauged
    let [sum, squares, min, max] = [0, 0, Infinity, -Infinity]
    for (let column = 0; column < matrix.columns; column++) {
      const base = gauged.moments + (column >> 3) * moments.bytes
      const lane = column & 7
      sum += doubles[(base + moments.sums) / 8 + lane] as number
      squares += doubles[(base + moments.squares) / 8 + lane] as number
      min = Math.min(min, floats[(base + moments.least) / 4 + lane] as number)
      max = Math.max(max, floats[(base + moments.most) / 4 + lane] as number)
    }
    const count = rows * matrix.columns
    const shift = sum / count
    doubles[scaling / 8] = min
    doubles[scaling / 8 + 1] = max > min ? BINS / (max - min) : 0
    words.fill(0, counts / 4, (counts + this.threads * binWords.bytes) / 4)
    return {
      mean: (floats[matrix.address / 4] as number) + shift,
      std: Math.sqrt(Math.max(0, squares / count - shift * shift)),
      min,
      max,
    }
  }

  private histogramOf({ counts }: Gauged): readonly number[] {
    const bins = new Array<number>(BINS).fill(0)
    const end = (counts + this.threads * binWords.bytes) / 4
    for (let i = 0; i < end - counts / 4; i++) {
      const slot = (i >> 2) % binWords.slots
      const bin = Math.min(slot, BINS - 1)
      bins[bin] = (bins[bin] as number) + (this.words[counts / 4 + i] as number)
    }
    return bins
  }

  private sharesOf(slope: Slope | null, rows: number): Pick<LayerFigures, 'dead' | 'saturated'> {
    if (slope === null) return { dead: null, saturated: null }
    const { columns } = slope.output
    let living = 0
    let notFlat = 0
    for (let column = 0; column < columns; column++) {
      const base = (slope.counts + (column >> 3) * steep.bytes) / 4 + (column & 7)
      if (this.words[base + steep.slanted / 4] !== 0) living++
      notFlat += this.words[base + steep.notFlat / 4] as number
    }
    const count = rows * columns
    return { dead: 1 - living / columns, saturated: (count - notFlat) / count }
  }
}

/** Of the activations that are fused with a Linear layer. */
function boundsOf(activation: ElementwiseLayer): SlopeBounds {
  const [range, middle] = outputsOf(activation.type)
  return slopeBounds(activation, range, middle)
}

/** All outputs of an activation, and one where it is steepest. */
function outputsOf(type: ElementwiseLayer['type']): readonly [Between, number] {
  if (type === 'Sigmoid') return [[0, 1], 0.5]
  if (type === 'Tanh') return [[-1, 1], 0]
  return [[-Infinity, Infinity], 1]
}

function panelsOf(
  { address, columns, stride }: PanelMatrix,
  [from = 0, to = 0]: readonly number[],
): readonly { readonly panel: number; readonly address: number; readonly width: number }[] {
  return Array.from({ length: to - from }, (_, i) => {
    const panel = from + i
    return {
      panel,
      address: address + panel * stride,
      width: Math.min(PANEL, columns - panel * PANEL),
    }
  })
}
