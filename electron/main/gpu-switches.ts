import type { App } from 'electron'

/**
 * What Chromium must be told about GPUs before the app is ready.
 *
 * A GPU process that crashes shall cost a run its device and no more: by itself Chromium refuses WebGPU to a page after
 * the second crash, and gives up on GPUs after the third.
 *
 * WebGPU is on by itself on macOS and Windows x64; on Windows arm64 and for most cards on Linux it wants a switch, and
 * at this time nobody knows the card. No other switch: enabling Vulkan hides the window on Wayland.
 */
export function allowWebGpu(app: App, platform: NodeJS.Platform, architecture: string): void {
  app.disableDomainBlockingFor3DAPIs()
  app.commandLine.appendSwitch('disable-gpu-process-crash-limit')
  if (platform === 'linux' || (platform === 'win32' && architecture === 'arm64'))
    app.commandLine.appendSwitch('enable-unsafe-webgpu')
}
