import type { Network } from '#core/nn/network'
import type { RunSpec } from '#core/spec/run-spec'
import type { Source } from './access'
import { adafactorKernels } from './adafactor-kernels'
import { ArenaLayout, type Matrix } from './arena-layout'
import { layersOf } from './group-specs'
import type { Kernel } from './kernel'
import { LayerPlanner, type LayerPlace } from './layer-planner'
import {
  averageParameters,
  limitNorms,
  NORM_PARTIALS,
  normPartials,
  parameterUpdate,
} from './parameter-kernels'
import { muonKernels } from './muon-kernels'
import type { Optimizers } from './optimizers'
import { ParameterLayout } from './parameter-layout'
import type { TileChoice } from './tiles'
import { weightUpdate } from './weight-update'

export interface PlanOptions {
  /** One for each run; what they may not differ in is taken from the first. */
  readonly specs: readonly RunSpec[]
  readonly network: Network
  readonly optimizers: Optimizers
  readonly tiles: TileChoice
  /** Rows of a batch, or of a piece of it. */
  readonly capacity: number
  /** Batches are larger than `capacity`. */
  readonly inPieces: boolean
  /** Rows that the activations have room for: also those of a piece of an evaluation. */
  readonly rows: number
}

/** Kernels in the order in which they run, and where everything is. */
export interface Plan {
  readonly arena: ArenaLayout
  readonly parameters: ParameterLayout
  readonly optimizers: Optimizers
  readonly layers: readonly LayerPlace[]
  readonly output: Matrix
  /** Forward and backward pass of a batch, or of a piece of it. */
  readonly passes: readonly Kernel[]
  /** Gradients of the products; where nothing comes in between, the optimizer's step with them. */
  readonly update: Kernel
  /** `update`, the gradients left in their region. */
  readonly keepingUpdate: Kernel
  /** What follows once a step. */
  readonly afterwards: readonly Kernel[]
  /** The forward pass in evaluation mode. */
  readonly evaluation: readonly Kernel[]
  /** Takes the parameters into the averages; null where the run keeps none. */
  readonly fold: Kernel | null
}

export function planOf(options: PlanOptions): Plan {
  const { specs, network, optimizers, tiles, capacity, inPieces, rows } = options
  const [spec] = specs
  if (spec === undefined) throw new RangeError('expected at least one run')
  const { clipGradNorm, clipGradValue, maxNorm, averaging } = spec.training
  const arena = new ArenaLayout()
  const parameters = new ParameterLayout(arena, network, optimizers, averaging !== null)
  const rowResults = arena.matrix(rows, 4)
  const layers = new LayerPlanner({
    arena,
    parameters,
    tiles,
    capacity,
    rows,
    modules: network.layers,
    rowResults,
  })
  const images: Source = {
    kind: 'images',
    images: { features: network.inFeatures, normalize: spec.dataset.normalize },
  }
  const output = layers.network(layersOf(specs), network.root.children, images, spec.loss)

  const apart =
    clipGradNorm !== null || inPieces || optimizers.rules.length > optimizers.elementRules.length
  const update = (mode: 'update' | 'keep' | 'gradients') =>
    weightUpdate(
      {
        layers: layers.trained,
        layout: parameters,
        optimizers,
        clipGradValue,
        rowResults,
        rows: capacity,
        mode,
      },
      tiles.product({
        kind: 'update',
        rows: Math.max(1, ...layers.trained.map(({ weight }) => weight.rows)),
        columns: Math.max(1, ...layers.trained.map(({ weight }) => weight.width)),
        terms: capacity,
      }),
    )
  const partials = arena.matrix(1, NORM_PARTIALS)
  const clipping = {
    value: clipGradValue,
    norm: clipGradNorm === null ? null : { limit: clipGradNorm, partials },
  }
  const fold =
    averaging === null || parameters.averages === null
      ? null
      : averageParameters(parameters, parameters.averages)
  const first = update(apart ? 'gradients' : 'update')
  return {
    arena,
    parameters,
    optimizers,
    layers: layers.layers,
    output,
    passes: [...layers.forward, ...layers.backward],
    update: first,
    keepingUpdate: apart ? first : update('keep'),
    afterwards: [
      ...(clipGradNorm === null ? [] : [normPartials(parameters, partials)]),
      ...(apart
        ? [
            ...adafactorKernels(arena, parameters, optimizers, clipping),
            ...muonKernels(arena, parameters, optimizers, clipping),
            ...(optimizers.elementRules.length > 0
              ? [parameterUpdate(parameters, optimizers, clipping)]
              : []),
          ]
        : []),
      ...(maxNorm === null
        ? []
        : [
            limitNorms(
              parameters,
              layers.trained.map(({ weight }) => weight),
              maxNorm,
            ),
          ]),
      ...(fold !== null && averaging?.type === 'EMA' ? [fold] : []),
    ],
    evaluation: layers.evaluation,
    fold,
  }
}
