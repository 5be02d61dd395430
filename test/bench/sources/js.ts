import { access } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Contender } from '../../../electron/bench/contender'
import { usageError } from '../../../electron/cli/command'
import { BrowserContender } from '../browser-contender'
import { ChildContender } from '../child-contender'
import type { ContenderSource } from '../contender-source'
import type { PageFolders } from '../js/serve-page'
import { textOption } from '../section'
import { trainImagesPath } from '../train-images-path'

const RIVALS = ['jax-js', 'tfjs']
const PACKAGES = [
  '@jax-js/jax@0.1.25',
  '@tensorflow/tfjs-core@4.22.0',
  '@tensorflow/tfjs-layers@4.22.0',
  '@tensorflow/tfjs-backend-wasm@4.22.0',
]

/**
 * Other libraries that train in JavaScript, on their WebAssembly backends: in Node, where they have one thread, and in Chromium,
 * where they have all. They are no dependencies of the workbench; whoever wants to compare installs them in a folder apart.
 */
export const jsSource: ContenderSource = {
  name: 'js',
  kind: 'rival',
  options: { packages: { type: 'string' } },
  async open(bench, values) {
    const folders: PageFolders = {
      bundle: fileURLToPath(bench.bundle),
      modules: await findModules(textOption(values, 'packages')),
      mnist: dirname(trainImagesPath()),
    }
    const browser = process.env['GRADIENT_WORKBENCH_BROWSER'] ?? ''
    if (browser === '')
      bench.print('No Chromium is found: jax-js and tfjs are measured in Node only, on one thread.')
    const contenders: Contender[] = []
    try {
      for (const rival of RIVALS) {
        contenders.push(await openInNode(rival, folders))
        if (browser !== '')
          contenders.push(await BrowserContender.open({ rival, folders, executablePath: browser }))
      }
    } catch (error) {
      for (const contender of contenders) await contender.close()
      throw usageError(`--compare js cannot run: ${String(error)}`)
    }
    return contenders
  },
}

async function openInNode(rival: string, folders: PageFolders): Promise<Contender> {
  const contender = new ChildContender({
    name: `${rival} in Node`,
    family: rival,
    threads: 1,
    command: process.execPath,
    args: [join(folders.bundle, 'js-node.js'), rival, folders.modules, folders.mnist],
  })
  try {
    await contender.ready()
    return contender
  } catch (error) {
    await contender.close()
    throw error
  }
}

/** The folder node_modules in the folder that --packages names. */
async function findModules(folder: string | undefined): Promise<string> {
  const modules = resolve(folder ?? '', 'node_modules')
  const manifests = PACKAGES.map((spec) =>
    join(modules, spec.slice(0, spec.lastIndexOf('@')), 'package.json'),
  )
  try {
    if (folder !== undefined) {
      await Promise.all(manifests.map((manifest) => access(manifest)))
      return modules
    }
  } catch (error) {
    throw usageError(`--compare js: ${String(error)}\n${HOW}`)
  }
  throw usageError(`--compare js needs --packages FOLDER.\n${HOW}`)
}

const HOW = `jax-js and tfjs do not come with the workbench. Install them where you like and name the folder:
npm install --prefix FOLDER ${PACKAGES.join(' ')}
npm run bench -- --compare js --packages FOLDER`
