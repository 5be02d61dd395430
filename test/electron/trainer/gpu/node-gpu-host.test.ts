import { fileURLToPath } from 'node:url'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { Adapters } from '../../../../electron/trainer/gpu/adapters'
import { openDawn } from '../../../../electron/trainer/gpu/dawn'
import { nodeGpuHost } from '../../../../electron/trainer/gpu/node-gpu-host'
import { ensureBuilt } from '../../command-line'
import { noGpu, softwareGpu } from '../../software-gpu'

const engineScript = new URL('../../../../out/main/engine.js', import.meta.url)
const host = nodeGpuHost({ engineScript, tiles: join(tmpdir(), 'tiles.json') })
const software = softwareGpu()

beforeAll(ensureBuilt)
afterEach(() => {
  vi.unstubAllEnvs()
})

function use(env: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
}

test('where no driver answers, the reason says so', async () => {
  use(noGpu)
  const line = await host.open()
  expect(line).toMatchObject({ ok: false, error: expect.stringContaining('driver') as string })
})

test('a Vulkan loader that cannot be loaded is named', async () => {
  use({ GRADIENT_WORKBENCH_VULKAN: fileURLToPath(engineScript) })
  const line = await host.open()
  expect(line).toMatchObject({ ok: false, error: expect.stringContaining('engine.js') as string })
})

test('inside Electron the package is not even loaded', async () => {
  vi.doMock('webgpu', () => {
    throw new Error('it was loaded')
  })
  vi.stubGlobal('process', { ...process, versions: { ...process.versions, electron: '45.0.0' } })
  const opened = await openDawn()
  vi.unstubAllGlobals()
  expect(opened).toMatchObject({ ok: false, error: expect.stringContaining('Electron') as string })
})

test.skipIf(software === null)('the software GPU is opened when its driver is named', async () => {
  use(software ?? {})
  const adapters = new Adapters(host)
  const best = await adapters.best()
  expect(best).toMatchObject({ ok: true, value: { software: true } })
  const reports = await adapters.reports()
  const report = reports.ok ? reports.value[0] : undefined
  expect(report?.kind.value).toBe('software')
  expect(report?.maxBufferSize.value).toBeGreaterThan(2 ** 26)
})

test.skipIf(software === null)('several devices live side by side and are given back', async () => {
  use(software ?? {})
  const lines = await Promise.all([host.open(), host.open(), host.open()])
  for (const line of lines) if (line.ok) await line.value.close()
  expect(lines.map(({ ok }) => ok)).toEqual([true, true, true])
})
