import type { App } from 'electron'

/**
 * WebGPU is on by itself on macOS and Windows x64; on Windows arm64 and for most cards on Linux Chromium wants this
 * switch, and before the app is ready nobody knows the card. No other switch: enabling Vulkan hides the window on
 * Wayland.
 */
export function allowWebGpu(app: App, platform: NodeJS.Platform, architecture: string): void {
  if (platform === 'linux' || (platform === 'win32' && architecture === 'arm64'))
    app.commandLine.appendSwitch('enable-unsafe-webgpu')
}
