import type { Arena } from './arena'
import type { SimdTarget } from './kernels/target'
import { PanelGauge } from './panel-gauge'
import { panelLayers } from './panel-layers'
import { PanelParameterMeter } from './panel-parameter-meter'
import type { ParameterStore } from './parameter-store'
import type { Segment } from './segments'
import type { ModuleBuilder } from './wasm/module-builder'
import type { WasmMemory } from './wasm/runtime'

/** What a look into the layers measures by kernels, in the engine's memory. */
export class PanelLooks {
  readonly layers: PanelGauge
  readonly parameters: PanelParameterMeter

  constructor(arena: Arena, store: ParameterStore, segments: readonly Segment[], threads: number) {
    this.layers = new PanelGauge(arena, panelLayers(segments), threads)
    this.parameters = new PanelParameterMeter(arena, store)
  }

  emit(module: ModuleBuilder, target: SimdTarget): void {
    this.layers.emit(module)
    this.parameters.emit(module, target)
  }

  attach({ buffer }: WasmMemory): void {
    this.layers.attach(buffer)
    this.parameters.attach(new Float32Array(buffer))
  }
}
