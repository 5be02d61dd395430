/**
 * npm run bench:gpu -- [--quick] [--allow-software] [--python PATH] [--json FILE] [--gpu-nets 1,9]
 * On a machine with a GPU: the conformance suite with all of its specs on that GPU, then the nets of `npm run bench -- --gpu`. Ends
 * with a status that is not 0 where there is no GPU or a result is wrong; then nothing is timed, since fast and wrong is no figure.
 * --quick: a few specs and one net for a moment, to try the script itself. --allow-software: on a machine without a GPU, Chromium's
 * SwiftShader goes through all of it; its table is marked, and says nothing of any GPU.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const SOFTWARE = '--allow-software'
const SOFTWARE_DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json'

const args = process.argv.slice(2).filter((arg) => arg !== SOFTWARE)
const quick = args.includes('--quick')
const allowsSoftware = process.argv.includes(SOFTWARE)

process.exit(conforms() ? time() : 1)

function time() {
  const software = { VK_DRIVER_FILES: SOFTWARE_DRIVER, XDG_RUNTIME_DIR: tmpdir() }
  const status = run(
    'node',
    ['test/bench/run.mjs', '--gpu', ...args],
    allowsSoftware ? software : {},
  )
  if (status !== 0 && !allowsSoftware)
    console.error(`Nothing was timed. ${SOFTWARE} tries the script on a machine without a GPU.`)
  return status
}

function conforms() {
  const folder = mkdtempSync(join(tmpdir(), 'gradient-workbench-'))
  const report = join(folder, 'conformance.json')
  const files = quick
    ? ['test/core/backend/conformance.test.ts', '-t', 'WebGPU.*(one hidden layer of 7|evaluates)']
    : ['test/core/backend/conformance.test.ts', 'test/core/backend/webgpu']
  const status = run(
    'npx',
    [
      'vitest',
      'run',
      '--project=node',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...files,
    ],
    quick ? {} : { GRADIENT_WORKBENCH_GPU_TESTS: 'all' },
  )
  const results = read(report)
  rmSync(folder, { recursive: true, force: true })
  const suite = results.filter(({ fullName }) => fullName.includes('WebGPU'))
  const adapter = suite[0]?.ancestorTitles[0]?.replace(' conforms', '') ?? null
  const count = (state) => results.filter((test) => test.status === state).length
  if (adapter === null) {
    console.error('Conformance ran on no GPU: see the reason above.')
    return false
  }
  console.log(`${adapter}: ${count('passed')} tests passed, ${count('failed')} failed`)
  return status === 0 && count('failed') === 0
}

/** Every test that ran or was to run. */
function read(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
      .testResults.flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'passed' || status === 'failed')
  } catch {
    return []
  }
}

function run(command, own, env = {}) {
  const { status } = spawnSync(command, own, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  })
  return status ?? 1
}
