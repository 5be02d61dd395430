/**
 * What passes over the port of a GPU host (the desktop's hidden window, or the same page in any Chromium) besides the
 * calls and answers of core/backend/remote-session.ts. A port has one device, from `gpu-open` to `gpu-close` or
 * `gpu-lost`; whoever wants another one asks for another port.
 */
import * as z from 'zod'

const powerPreferenceSchema = z.enum(['high-performance', 'low-power'])

export const gpuRequestSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('gpu-open'),
    /** What earlier devices found out about tiles (TileStore), by key. */
    tiles: z.record(z.string(), z.string()),
    /** Which of two GPUs; the one that trains where it is not said. */
    powerPreference: powerPreferenceSchema.optional(),
  }),
  z.object({ type: z.literal('gpu-close') }),
])
export type GpuRequest = Readonly<z.infer<typeof gpuRequestSchema>>

/** An adapter as a plain object; core/machine/webgpu-adapter.ts makes a record for a person of it. */
const adapterSchema = z.object({
  info: z.object({
    vendor: z.string(),
    architecture: z.string(),
    device: z.string(),
    description: z.string(),
    isFallbackAdapter: z.boolean(),
  }),
  limits: z.object({
    maxBufferSize: z.number(),
    maxStorageBufferBindingSize: z.number(),
    maxStorageBuffersPerShaderStage: z.number(),
    maxComputeInvocationsPerWorkgroup: z.number(),
    maxComputeWorkgroupStorageSize: z.number(),
    maxComputeWorkgroupsPerDimension: z.number(),
  }),
  features: z.array(z.string()),
})

export const gpuInfoSchema = z.object({
  /** The backend's own words, for environment.json. */
  description: z.string(),
  /** The adapter's name for a person: "NVIDIA GeForce RTX 4090", "nvidia ada-lovelace" where it tells no more. */
  name: z.string(),
  /** Computes on the CPU (SwiftShader, llvmpipe): never chosen by itself. */
  software: z.boolean(),
  adapter: adapterSchema,
  /** What the host would open for the other power preference; absent where that is the same adapter. */
  other: z
    .object({
      powerPreference: powerPreferenceSchema,
      name: z.string(),
      software: z.boolean(),
      adapter: adapterSchema,
    })
    .optional(),
})

/** The device behind a port. */
export type GpuInfo = Readonly<z.infer<typeof gpuInfoSchema>>

export const gpuNewsSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('gpu-ready'), info: gpuInfoSchema }),
  /** A tile that was measured, to be kept for the next `gpu-open`. */
  z.object({ type: z.literal('gpu-tile'), key: z.string(), value: z.string() }),
  /** There is no device, in words for a person. Nothing follows. */
  z.object({ type: z.literal('gpu-refused'), reason: z.string() }),
  /** The device is gone, in words for a person. Nothing follows. */
  z.object({ type: z.literal('gpu-lost'), reason: z.string() }),
])
export type GpuNews = Readonly<z.infer<typeof gpuNewsSchema>>
