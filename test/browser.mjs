/** Finds a Chromium to test in, or gets one. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]

/** Path of a browser, or null after saying what to install. */
export function ensureBrowser() {
  return findBrowser() ?? installBrowser() ?? giveUp()
}

export function findBrowser() {
  const asked = process.env['GRADIENT_WORKBENCH_BROWSER']
  if (asked !== undefined && existsSync(asked)) return asked
  const own = chromium.executablePath()
  if (own !== '' && existsSync(own)) return own
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const onPath = folders.flatMap((folder) => commands.map((name) => join(folder, name)))
  return [...onPath, ...places].find(isExecutable) ?? null
}

function installBrowser() {
  console.log('No Chromium found: asking Playwright for one.')
  spawnSync('npx', ['playwright', 'install', '--with-deps', 'chromium'], options(180_000))
  const found = findBrowser()
  if (found !== null) return found
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return null
  console.log('Playwright could not download one: asking Debian.')
  spawnSync('apt-get', ['update'], options(300_000))
  spawnSync('apt-get', ['install', '-y', 'chromium'], options(600_000))
  return findBrowser()
}

function giveUp() {
  console.error(
    'The end-to-end tests need Chromium or Google Chrome, and none could be installed from here. ' +
      'Install one (Debian: apt-get install chromium) or name it in GRADIENT_WORKBENCH_BROWSER, then run npm test again.',
  )
  return null
}

function options(timeout) {
  return { stdio: 'inherit', timeout, shell: process.platform === 'win32' }
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
