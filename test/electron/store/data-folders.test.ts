import { join } from 'node:path'
import { expect, it } from 'vitest'
import { dataFolder, runsFolder } from '../../../electron/store/data-folders'

const linux = { platform: 'linux', env: {}, home: '/home/ada' } as const

it('each platform has its own folder for application data', () => {
  expect(dataFolder(linux)).toBe('/home/ada/.local/share/gradient-workbench')
  expect(dataFolder({ ...linux, platform: 'darwin' })).toBe(
    '/home/ada/Library/Application Support/gradient-workbench',
  )
  const windows = { platform: 'win32', env: { APPDATA: '/roaming' }, home: '/home/ada' } as const
  expect(dataFolder(windows)).toBe('/roaming/gradient-workbench')
})

it('--runs goes before GRADIENT_WORKBENCH_RUNS, and that before the data folder', () => {
  const named = { ...linux, env: { GRADIENT_WORKBENCH_RUNS: '/named' } }
  expect(runsFolder(named, '/asked')).toBe('/asked')
  expect(runsFolder(named)).toBe('/named')
  expect(runsFolder(linux)).toBe(join(dataFolder(linux), 'runs'))
})
