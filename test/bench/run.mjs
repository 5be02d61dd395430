/**
 * npm run bench -- [--nets 1,3] [--backends cpu,webgpu] [--threads 1,2] [--repeats 5] [--plain] [--json FILE] [--markdown]
 *                  [--compare torch --python PATH] [--compare js --packages FOLDER]
 *                  [--accuracy PRESET --seeds 0,1,2 --set training.epochs=5 --out FILE] [--processes]
 *                  [--predict]
 * Bundles the benchmark with the engine and runs it. Machine noise moves single runs: medians of interleaved repeats, and ratios within
 * one run, are what counts. Parts: sections/ (what is measured), sources/ (who is measured).
 */
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'
import { findBrowser } from '../browser.mjs'

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
        engine: join(root, 'electron/trainer/engine.ts'),
        'kernel-thread': join(root, 'electron/trainer/kernel-thread.ts'),
        'js-node': join(root, 'test/bench/js/node.ts'),
        'js-page': join(root, 'test/bench/js/page.ts'),
      },
    },
  },
})
process.env['GRADIENT_WORKBENCH_BROWSER'] ??= findBrowser() ?? ''
const { main } = await import(pathToFileURL(join(outDir, 'main.js')).href)
process.exit(await main(process.argv.slice(2), root))
