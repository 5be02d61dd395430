/** What takes up a GPU's memory, by the labels of its buffers. */
export const memoryTexts = {
  arena: 'the parameters and activations',
  images: 'the images',
  table: 'the table of steps',
  order: 'the order of the images',
  losses: 'the losses',
  counters: 'the counters',
  results: 'results on their way back',
  copied: 'what is copied',
  copy: 'the copy',
} as const

/**
 * Everything that can keep a GPU from training, in English; `{name}` stands for a value. The command line says these sentences;
 * the window has them in Chinese as well. What a driver said is quoted as it came.
 */
export const deviceProblemTexts = {
  // There is no device.
  unavailable: 'WebGPU is not available: {reason}',
  noWebgpu: 'this version of Chromium has no WebGPU',
  noChromiumAdapter:
    'Chromium offers no GPU: there is none, its driver is too old, or it is blocked on this system',
  noAdapter: 'no GPU driver answers',
  noVulkanDriver:
    'no GPU driver answers through Vulkan; install the driver of your card (nvidia-smi or vulkaninfo tell whether it works)',
  noVulkanLoader:
    'the Vulkan loader {file} is not installed (Debian, Ubuntu: apt-get install libvulkan1)',
  badVulkanLoader: 'GRADIENT_WORKBENCH_VULKAN names {file}, which cannot be loaded',
  inElectron: 'inside Electron the GPU belongs to its hidden window, not to the package webgpu',
  noPackage: 'the package webgpu cannot be used: {reason}',
  onlySoftware:
    'only a software adapter answers ({name}), which is slower than the CPU backend; to use it all the same, name its driver in VK_DRIVER_FILES',
  noDevice: '{name} refused a device: {reason}',
  notOpened: 'the GPU could not be opened: {reason}',
  silent: 'the GPU did not answer within {seconds} s',
  windowFailed: 'the window that computes on the GPU could not be opened: {reason}',
  windowClosed: 'the window that computes on the GPU was closed',

  // The net is not for this device.
  linesSearched:
    '{optimizer} searches along lines, a decision on the CPU after every evaluation: it runs on the CPU only; choose another optimizer or another device',
  statisticsAveraged:
    'the averages of a net with BatchNorm1d need running statistics of their own, which are computed on the CPU only; use LayerNorm, or another device',
  bufferLimit:
    'a buffer of {needed} MB is needed for {what}, and this GPU allows {allowed} MB: take a smaller net or batch, or the CPU',
  noMemory:
    'the GPU has no {needed} MB for {what}: {reason}; take a smaller net or batch, or the CPU',
  kernelRefused: 'the GPU does not take the kernel "{kernel}": {reason}',
  commandRefused: 'the GPU refused a command: {reason}',
  slowStart: 'the GPU did not get the net ready within {seconds} s',
  notFinite:
    'the net gives values that are no finite numbers, so that its speed could not be measured',

  // It was there, and is gone.
  lost: 'the GPU was lost: {reason}',
  reset: 'the GPU was reset',
  noReason: 'no reason given',
  givenBack: 'the device was given back',
  gpuProcessEnded: 'the GPU process ended ({reason}, exit code {code})',
  windowProcessEnded: 'the process that computes on the GPU ended ({reason}, exit code {code})',
  windowGone: 'the process that computes on the GPU ended',
  threadFailed: 'the thread that computes failed: {reason}',
  threadEnded: 'the thread that computes ended with exit code {code}',
  helperEnded:
    'one of the threads that compute ended in the middle of a step, as happens where memory runs out: take fewer threads',
  nowhere: '{reason}; then: {second}',

  ...memoryTexts,
} as const
