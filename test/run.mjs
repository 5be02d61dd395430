/**
 * `npm test`: unit tests, then end-to-end tests in a real browser against the built workbench.
 * Finds a browser, gets one where there is none, and ends with one line that counts both.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBrowser } from './browser.mjs'

const reports = mkdtempSync(join(tmpdir(), 'gradient-workbench-'))
const unitReport = join(reports, 'unit.json')
const e2eReport = join(reports, 'e2e.json')

// Before the unit tests: what the trainer forks, and Chromium, whose software GPU WebGPU is tested on where there is no other.
const built = run('npm', ['run', 'build'])
const browser = built ? ensureBrowser() : null
const unit =
  built &&
  run('npx', [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${unitReport}`,
  ])
const e2e =
  browser !== null &&
  run('npx', ['playwright', 'test', '--reporter=list,json'], {
    GRADIENT_WORKBENCH_BROWSER: browser,
    PLAYWRIGHT_JSON_OUTPUT_NAME: e2eReport,
  })

const counts = [unitCounts(), e2eCounts()]
const [passed, failed, skipped] = [0, 1, 2].map((k) => counts.reduce((sum, c) => sum + c[k], 0))
rmSync(reports, { recursive: true, force: true })
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = built && unit && e2e ? 0 : 1

function run(command, args, env = {}) {
  console.log(`\n> ${command} ${args.join(' ')}`)
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  })
  return status === 0
}

/** [passed, failed, skipped]; a runner that left no report counts as one failure. */
function unitCounts() {
  const report = readReport(unitReport)
  if (report === null) return [0, 1, 0]
  return [
    report.numPassedTests,
    report.numFailedTests + failedFiles(report),
    report.numPendingTests,
  ]
}

/** Files that could not even be loaded have no tests to count. */
function failedFiles(report) {
  return report.testResults.filter((f) => f.status === 'failed' && f.assertionResults.length === 0)
    .length
}

function e2eCounts() {
  const report = readReport(e2eReport)
  if (report === null) return [0, 1, 0]
  const { expected, unexpected, flaky, skipped } = report.stats
  return [expected, unexpected + flaky, skipped]
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
}
