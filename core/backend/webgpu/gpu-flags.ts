/**
 * The bits of GPUBufferUsage, GPUMapMode and GPUShaderStage as the WebGPU specification fixes them: the globals of these
 * names exist only in threads that have WebGPU.
 */
export const BUFFER_USAGE = { MAP_READ: 1, COPY_SRC: 4, COPY_DST: 8, STORAGE: 128 } as const
export const MAP_READ = 1
export const STAGE_COMPUTE = 4
