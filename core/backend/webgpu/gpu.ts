import { deviceProblem, type MemoryName } from '../device-problem'
import { SessionLostError } from '../remote-session'
import { DeviceError, DeviceLimitError } from './device-error'
import { BUFFER_USAGE, MAP_READ, STAGE_COMPUTE } from './gpu-flags'
import { Staging } from './staging'
import type { AdapterDescription, WebgpuOptions } from './webgpu-options'

/** What every kernel is bound to; binding numbers as in kernel.ts. */
export interface BoundBuffers {
  readonly arena: GPUBuffer
  readonly images: GPUBuffer
  readonly table: GPUBuffer
  readonly rows: GPUBuffer
  readonly metrics: GPUBuffer
  readonly control: GPUBuffer
}

/** A GPUDevice whose failures are errors: memory, shaders, and the device itself. */
export class Gpu {
  readonly device: GPUDevice
  readonly adapter: AdapterDescription
  private readonly layout: GPUBindGroupLayout
  private readonly pipelineLayout: GPUPipelineLayout
  private readonly pipelines = new Map<string, Promise<GPUComputePipeline>>()
  private readonly gone: Promise<never>
  private readonly staging: Staging
  private lost: SessionLostError | null = null
  private complaint: string | null = null

  constructor({ device, adapter }: WebgpuOptions) {
    this.device = device
    this.adapter = adapter
    this.staging = new Staging((size) =>
      this.createBuffer('results', size, BUFFER_USAGE.MAP_READ | BUFFER_USAGE.COPY_DST),
    )
    this.gone = device.lost.then(({ message }) => {
      this.lost = lostBecause(message)
      throw this.lost
    })
    this.gone.catch(() => undefined)
    device.addEventListener('uncapturederror', ({ error }) => {
      this.complaint ??= error.message
    })
    const types: readonly GPUBufferBindingType[] = [
      'storage',
      'read-only-storage',
      'read-only-storage',
      'read-only-storage',
      'storage',
      'storage',
    ]
    this.layout = device.createBindGroupLayout({
      entries: types.map((type, binding) => ({
        binding,
        visibility: STAGE_COMPUTE,
        buffer: { type },
      })),
    })
    this.pipelineLayout = device.createPipelineLayout({ bindGroupLayouts: [this.layout] })
  }

  /** What `work` gives, or SessionLostError as soon as the device is gone. */
  async guard<T>(work: Promise<T>): Promise<T> {
    try {
      return await Promise.race([work, this.gone])
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError')
        throw this.lost ?? lostBecause(error.message)
      throw error
    }
  }

  /** Throws what went wrong since it was asked last. */
  check(): void {
    if (this.lost !== null) throw this.lost
    if (this.complaint === null) return
    const message = this.complaint
    this.complaint = null
    throw new DeviceError(deviceProblem('commandRefused', { reason: message }))
  }

  /** Compiles each text once; sessions of the same shape share pipelines. */
  pipeline(label: string, code: string): Promise<GPUComputePipeline> {
    const known = this.pipelines.get(code)
    if (known !== undefined) return known
    const made = this.compile(label, code)
    this.pipelines.set(code, made)
    made.catch(() => this.pipelines.delete(code))
    return made
  }

  /** @throws DeviceError where the memory is not there */
  async createBuffer(label: MemoryName, size: number, usage: number): Promise<GPUBuffer> {
    this.checkSize(label, size, usage)
    const { device } = this
    device.pushErrorScope('validation')
    device.pushErrorScope('out-of-memory')
    const buffer = device.createBuffer({
      label,
      size: Math.max(16, Math.ceil(size / 16) * 16),
      usage,
    })
    const scopes = [device.popErrorScope(), device.popErrorScope()]
    const [memory, validation] = await this.guard(Promise.all(scopes))
    const error = memory ?? validation
    if (!error) return buffer
    buffer.destroy()
    throw new DeviceError(
      deviceProblem('noMemory', {
        needed: megabytes(size),
        what: deviceProblem(label, {}),
        reason: error.message,
      }),
    )
  }

  bind(buffers: BoundBuffers): GPUBindGroup {
    const { arena, images, table, rows, metrics, control } = buffers
    const bound = [arena, images, table, rows, metrics, control]
    return this.device.createBindGroup({
      layout: this.layout,
      entries: bound.map((buffer, binding) => ({ binding, resource: { buffer } })),
    })
  }

  /** Copies of byte ranges of buffers, once everything submitted before is done. */
  async read(
    ranges: readonly {
      readonly buffer: GPUBuffer
      readonly offset: number
      readonly size: number
    }[],
  ): Promise<ArrayBuffer[]> {
    const total = ranges.reduce((sum, { size }) => sum + size, 0)
    const all = await this.collect(total, (staging) => {
      const encoder = this.device.createCommandEncoder()
      let at = 0
      for (const { buffer, offset, size } of ranges) {
        encoder.copyBufferToBuffer(buffer, offset, staging, at, size)
        at += size
      }
      this.device.queue.submit([encoder.finish()])
    })
    let at = 0
    return ranges.map(({ size }) => all.slice(at, (at += size)))
  }

  /** The bytes that `submit` has copied into a buffer. */
  async collect(size: number, submit: (staging: GPUBuffer) => void): Promise<ArrayBuffer> {
    const staging = await this.staging.take(size)
    try {
      submit(staging)
      await this.guard(staging.mapAsync(MAP_READ, 0, size))
      this.check()
      const copy = staging.getMappedRange(0, size).slice(0)
      this.staging.giveBack(staging)
      return copy
    } catch (error) {
      staging.destroy()
      throw error
    }
  }

  private async compile(label: string, code: string): Promise<GPUComputePipeline> {
    const { device } = this
    device.pushErrorScope('validation')
    const module = device.createShaderModule({ label, code })
    const scope = device.popErrorScope()
    try {
      return await this.guard(
        device.createComputePipelineAsync({
          label,
          layout: this.pipelineLayout,
          compute: { module, entryPoint: 'main' },
        }),
      )
    } catch (error) {
      if (error instanceof SessionLostError) throw error
      const messages = await this.guard(module.getCompilationInfo())
      const found = messages.messages.find(({ type }) => type === 'error')
      const where = found === undefined ? '' : `line ${found.lineNum}: ${found.message}; `
      const reason = `${where}${error instanceof Error ? error.message : String(error)}`
      throw new DeviceError(deviceProblem('kernelRefused', { kernel: label, reason }), {
        cause: error,
      })
    } finally {
      await scope.catch(() => null)
    }
  }

  private checkSize(label: MemoryName, size: number, usage: number): void {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits
    const limit =
      (usage & BUFFER_USAGE.STORAGE) === 0
        ? maxBufferSize
        : Math.min(maxBufferSize, maxStorageBufferBindingSize)
    if (size > limit)
      throw new DeviceLimitError(
        deviceProblem('bufferLimit', {
          what: deviceProblem(label, {}),
          needed: megabytes(size),
          allowed: megabytes(limit),
        }),
      )
  }
}

function lostBecause(message: string): SessionLostError {
  const reason = message === '' ? deviceProblem('noReason', {}) : message
  return new SessionLostError(deviceProblem('lost', { reason }))
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6)
}
