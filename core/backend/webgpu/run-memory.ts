import { Layer } from '#core/nn/modules/layer'
import type { Module } from '#core/nn/module'
import type { Network } from '#core/nn/network'
import type { Floats } from '#core/tensor/floats'
import type { SessionState, StateTensor } from '../backend'
import type { Matrix } from './arena-layout'
import type { Gpu } from './gpu'
import { slotsOf } from './optimizer-rule'
import { packRows, type StoredParameter, unpackRows } from './parameter-layout'
import type { Plan } from './plan'
import type { SessionBuffers } from './session-buffers'
import type { RuleSlot } from './wgsl/update-rule'

interface Range {
  readonly offset: number
  readonly length: number
}

/** The arena of one run, and the plain network that takes copies out of it. */
export class RunMemory {
  readonly network: Network
  private readonly gpu: Gpu
  private readonly plan: Plan
  private readonly buffers: SessionBuffers
  private readonly run: number
  /** Bytes before this run's arena. */
  private readonly start: number

  constructor(gpu: Gpu, plan: Plan, buffers: SessionBuffers, network: Network, run: number) {
    this.gpu = gpu
    this.plan = plan
    this.buffers = buffers
    this.network = network
    this.run = run
    this.start = run * plan.arena.size * 4
  }

  /** Copies of ranges of floats. */
  async read(ranges: readonly Range[]): Promise<Float32Array[]> {
    const bytes = await this.gpu.read(
      ranges.map(({ offset, length }) => ({
        buffer: this.buffers.arena,
        offset: this.start + offset * 4,
        size: length * 4,
      })),
    )
    return bytes.map((part) => new Float32Array(part))
  }

  /** The first `rows` rows of matrices, without their padding. */
  async readRows(matrices: readonly Matrix[], rows: number): Promise<Float32Array[]> {
    const read = await this.read(
      matrices.map(({ offset, stride }) => ({ offset, length: rows * stride })),
    )
    return matrices.map(({ width, stride }, i) => {
      const dense = new Float32Array(rows * width)
      const values = read[i]
      if (values !== undefined) unpackRows({ offset: 0, rows, width, stride }, values, dense)
      return dense
    })
  }

  /** Bytes of so many rows of the outputs. */
  outputBytes(rows: number): number {
    return rows * this.plan.output.stride * 4
  }

  /** Copies what the last pass put out for so many rows. */
  copyOutputs(encoder: GPUCommandEncoder, rows: number, to: GPUBuffer, at: number): void {
    const from = this.start + this.plan.output.offset * 4
    encoder.copyBufferToBuffer(this.buffers.arena, from, to, at, this.outputBytes(rows))
  }

  /** [rows, outFeatures] out of copies of outputs. */
  outputsIn(copied: Float32Array, rows: number): Float32Array {
    const { width, stride } = this.plan.output
    const dense = new Float32Array(rows * width)
    unpackRows({ offset: 0, rows, width, stride }, copied, dense)
    return dense
  }

  readValues(): Promise<Float32Array> {
    return this.readRegion(this.plan.parameters.values)
  }

  readGradients(): Promise<Float32Array> {
    return this.readRegion(this.plan.parameters.gradients)
  }

  /** Brings parameters (a region that was read) into the plain network. */
  takeValues(region: Float32Array): void {
    for (const stored of this.plan.parameters.stored)
      unpackRows(stored, region, this.parameter(stored.parameter.name).value)
  }

  takeGradients(region: Float32Array): void {
    for (const stored of this.plan.parameters.stored)
      unpackRows(stored, region, this.parameter(stored.parameter.name).grad)
  }

  /** Brings what the kernels left of the last pass over so many rows into the plain network. */
  async takeLayers(rows: number): Promise<void> {
    const { layers } = this.plan
    const read = await this.readRows(
      layers.flatMap(({ output, outputGradient }) => [output, outputGradient]),
      rows,
    )
    layers.forEach(({ path }, i) => {
      const layer = this.network.layers.find((module) => module.path === path)
      if (!(layer instanceof Layer)) return
      layer.output = read[2 * i] ?? layer.output
      layer.outputGradient = read[2 * i + 1] ?? layer.outputGradient
    })
    connect(this.network.root.children, null)
  }

  /** The outputs of the model's own layers, not those inside blocks, for the first row. */
  async readFirstRow(): Promise<{ readonly layer: string; readonly values: Float32Array }[]> {
    const own = new Set(this.network.root.children.map(({ path }) => path))
    const places = this.plan.layers.filter(({ path }) => own.has(path))
    const read = await this.readRows(
      places.map(({ output }) => output),
      1,
    )
    const rows = places.map(({ path }, i) => ({
      layer: path,
      values: read[i] ?? new Float32Array(0),
    }))
    const order = [...own]
    return rows.sort((a, b) => order.indexOf(a.layer) - order.indexOf(b.layer))
  }

  /** Parameters, buffers, the optimizer's slots and averages, under the names of a session's state. */
  async exportTensors(): Promise<Map<string, StateTensor>> {
    const { parameters } = this.plan
    const { values, slots, averages, size } = parameters
    const regions = [values, ...slots, ...(averages === null ? [] : [averages])]
    const read = await this.read(regions.map((offset) => ({ offset, length: size })))
    const tensors = new Map<string, StateTensor>()
    for (const stored of parameters.stored) {
      const { name, shape, value } = stored.parameter
      const take = (tensor: string, region: Float32Array | undefined) => {
        const data = new Float32Array(value.length)
        unpackRows(stored, region ?? data, data)
        tensors.set(tensor, { shape, data })
      }
      take(name, read[0])
      this.slotsOf(stored).forEach((slot, i) => {
        const tensor = `optimizer.${name}.${slot.name}`
        if (slot.shape === undefined) take(tensor, read[1 + i])
        else {
          const length = sizeOf(slot.shape)
          const data = read[1 + i]?.slice(stored.offset, stored.offset + length)
          tensors.set(tensor, { shape: slot.shape, data: data ?? new Float32Array(length) })
        }
      })
      if (averages !== null) take(`averaged.${name}`, read.at(-1))
    }
    const buffers = await this.readRows(
      parameters.buffers.map(({ matrix }) => matrix),
      1,
    )
    parameters.buffers.forEach(({ name, shape }, i) => {
      tensors.set(name, { shape, data: buffers[i] ?? new Float32Array(0) })
    })
    return tensors
  }

  /**
   * Writes the plain network's parameters and buffers, and slots and averages as `tensors` have them; those that it does not have are
   * fresh.
   */
  push(tensors: SessionState['tensors']): void {
    const { parameters } = this.plan
    const { values, slots, averages } = parameters
    this.write(values, (name) => this.parameter(name).value)
    slots.forEach((region, i) => {
      this.write(
        region,
        (name, stored) => {
          const slot = this.slotsOf(stored)[i]
          const fresh = new Float32Array(this.parameter(name).value.length).fill(slot?.initial ?? 0)
          return tensors.get(`optimizer.${name}.${slot?.name ?? ''}`)?.data ?? fresh
        },
        (stored) => this.slotsOf(stored)[i]?.shape !== undefined,
      )
    })
    if (averages !== null)
      this.write(averages, (name) => tensors.get(`averaged.${name}`)?.data ?? new Float32Array(0))
    for (const { name, matrix } of parameters.buffers) {
      const buffer = this.network.buffers.find((own) => own.name === name)
      this.writeFloats(matrix.offset, Float32Array.from(buffer?.value ?? []))
    }
  }

  /** Does `work` with the averages in the place of the parameters. */
  async withAverages<T>(work: () => Promise<T>): Promise<T> {
    const { values, averages } = this.plan.parameters
    if (averages === null) return work()
    const [present, average] = await Promise.all([
      this.readRegion(values),
      this.readRegion(averages),
    ])
    this.writeFloats(values, average)
    try {
      return await work()
    } finally {
      this.writeFloats(values, present)
    }
  }

  private async readRegion(offset: number): Promise<Float32Array> {
    const [region] = await this.read([{ offset, length: this.plan.parameters.size }])
    return region ?? new Float32Array(0)
  }

  /** dense: values that have no rows. */
  private write(
    region: number,
    valuesOf: (name: string, stored: StoredParameter) => Floats,
    dense: (stored: StoredParameter) => boolean = () => false,
  ): void {
    const { stored, size } = this.plan.parameters
    const floats = new Float32Array(size)
    for (const own of stored) {
      const values = valuesOf(own.parameter.name, own)
      if (dense(own)) floats.set(values, own.offset)
      else if (values.length > 0) packRows(own, values, floats)
    }
    this.writeFloats(region, floats)
  }

  private writeFloats(offset: number, floats: Float32Array): void {
    this.gpu.device.queue.writeBuffer(
      this.buffers.arena,
      this.start + offset * 4,
      floats as GPUAllowSharedBufferSource,
    )
  }

  /** What this run's optimizer keeps of a parameter. */
  private slotsOf({ parameter }: StoredParameter): readonly RuleSlot[] {
    const rule = this.plan.optimizers.ruleOf(this.run, parameter.name)
    return rule === null ? [] : slotsOf(rule, parameter.shape)
  }

  private parameter(name: string) {
    const found = this.network.parameters.find((parameter) => parameter.name === name)
    if (found === undefined) throw new RangeError(`there is no parameter ${name}`)
    return found
  }
}

/** Gives every layer what the one before it put out as its input. */
function connect(layers: readonly Module[], first: Floats | null): void {
  let input = first
  for (const layer of layers) {
    if (layer instanceof Layer && input !== null) layer.input = input
    connect(layer.children, input)
    input = layer.output
  }
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}
