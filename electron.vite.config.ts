import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'

// The command line and the trainer also run under plain Node, so everything is built for the oldest Node we support.
const target = 'node20.19'

export default defineConfig({
  main: {
    build: {
      target,
      rolldownOptions: {
        input: {
          index: 'electron/main/index.ts',
          cli: 'electron/cli/index.ts',
          trainer: 'electron/trainer/index.ts',
          engine: 'electron/trainer/engine.ts',
          'kernel-thread': 'electron/trainer/kernel-thread.ts',
        },
      },
    },
  },
  preload: {
    build: {
      rolldownOptions: {
        input: {
          index: 'electron/preload/index.ts',
          'gpu-host': 'electron/preload/gpu-host.ts',
        },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    build: {
      rolldownOptions: {
        input: { index: 'renderer/index.html', 'gpu-host': 'renderer/gpu-host/index.html' },
      },
    },
    plugins: [vue()],
    worker: { format: 'es' },
  },
})
