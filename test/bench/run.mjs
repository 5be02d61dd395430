/**
 * npm run bench -- [--nets 1,3] [--threads 1,2] [--repeats 5] [--json FILE] [--compare torch --python PATH]
 * Bundles the benchmark with the engine and runs it. Machine noise moves single runs: medians of interleaved repeats, and ratios within
 * one run, are what counts.
 */
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../..', import.meta.url))
const outDir = join(root, 'node_modules/.cache/bench')

await build({
  root,
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: true,
    outDir,
    emptyOutDir: true,
    target: 'node20.19',
    rolldownOptions: {
      input: {
        main: join(root, 'test/bench/main.ts'),
        'kernel-thread': join(root, 'electron/trainer/kernel-thread.ts'),
      },
    },
  },
})
const { main } = await import(pathToFileURL(join(outDir, 'main.js')).href)
await main(process.argv.slice(2), join(root, 'test/bench/torch_bench.py'))
