/** The GPU host as the desktop's hidden window runs it, driven by the real trainer from outside. */
import { expect, test, type Browser, type Page } from '@playwright/test'
import type { Backend } from '#core/backend/backend'
import { referenceBackend } from '#core/backend/reference/reference-backend'
import { SessionLostError } from '#core/backend/remote-session'
import type { DeviceLoss } from '#core/backend/survival'
import { SurvivingBackend } from '#core/backend/surviving-backend'
import { createWebgpuBackend } from '#core/backend/webgpu/webgpu-backend'
import { createTrainer } from '#core/training/trainer'
import { smallDataset } from '../core/backend/small-dataset'
import { specOf, traceOf, worst, worstWeights } from '../core/backend/trace'
import { findTestAdapter } from '../core/backend/webgpu-device'
import { describeFrames, framesOf } from './frames'
import { launchGpuBrowser, openLine, servePages, whyNoGpu, type GpuPageLine } from './gpu-page'

const dataset = smallDataset()
const spec = specOf({
  version: 1,
  dataset: { trainSize: 300 },
  model: {
    inFeatures: 783,
    layers: [
      { type: 'Linear', outFeatures: 7 },
      { type: 'ReLU' },
      { type: 'Linear', outFeatures: 10 },
    ],
  },
  optimizer: { type: 'Adam', lr: 0.01 },
  training: { epochs: 2, batchSize: 13, seed: 5 },
})

test.describe.configure({ mode: 'serial', timeout: 300_000 })

let browser: Browser
let page: Page
let pages: Awaited<ReturnType<typeof servePages>>
let missing: string | null

test.beforeAll(async () => {
  pages = await servePages()
  browser = await launchGpuBrowser()
  page = await browser.newPage()
  await page.goto(pages.url)
  missing = await whyNoGpu(page)
  if (missing !== null) console.log(`gpu-host.spec.ts is skipped: ${missing}`)
})

test.beforeEach(() => {
  test.skip(missing !== null, missing ?? '')
})

test.afterAll(async () => {
  await browser.close()
  pages.close()
})

test('a session trains behind the port as the reference does', async () => {
  const line = await greetedLine()
  const found = await traceOf(spec, dataset, line.backend)
  const expected = await traceOf(spec, dataset, referenceBackend)
  expect(found.losses).toHaveLength(48)
  expect(worst(found.losses, expected.losses)).toBeLessThan(1e-4)
  expect(worstWeights(found.final, expected.final)).toBeLessThan(1e-2)
})

test('the same bits come out of Dawn in Node', async () => {
  const adapter = await findTestAdapter()
  test.skip(adapter === null, 'Dawn finds no adapter in Node')
  if (adapter === null) return
  const device = await adapter.createDevice()
  const here = await createWebgpuBackend({ device, adapter: adapter.description })
  const there = (await greetedLine()).backend
  expect(await traceOf(spec, dataset, there)).toEqual(await traceOf(spec, dataset, here))
  device.destroy()
})

test('a page keeps drawing while the GPU trains, and the host page itself runs nothing of it', async () => {
  const other = await browser.newPage()
  await other.goto('about:blank')
  const idle = await framesOf(other)
  const line = await greetedLine()
  const trainer = await createTrainer({
    spec: { ...spec, training: { ...spec.training, epochs: 100_000 } },
    dataset,
    backend: line.backend,
    clock: () => performance.now(),
    onEvent: () => undefined,
  })
  const running = trainer.run()
  const { found: busy, scripts } = await scriptsDuring(page, () => framesOf(other))
  const steps = trainer.progress.step
  await trainer.stop()
  expect((await running).phase).toBe('stopped')
  await other.close()
  console.log(
    `frames of a page: ${describeFrames(idle)} while nothing runs, ${describeFrames(busy)} while ${steps} steps run`,
  )
  expect(steps).toBeGreaterThan(0)
  expect(busy.length).toBeGreaterThan(0)
  expect(scripts.filter((script) => /worker/.test(script))).toEqual([])
})

test('when the GPU process crashes the session is lost with a reason, and the next port has a new device', async () => {
  for (let crash = 0; crash < 2; crash++) {
    const line = await greetedLine()
    const trainer = await createTrainer({
      spec: { ...spec, training: { ...spec.training, epochs: 100_000 } },
      dataset,
      backend: line.backend,
      clock: () => performance.now(),
      onEvent: () => undefined,
    })
    const running = trainer.run()
    await expect.poll(() => trainer.progress.step).toBeGreaterThan(10)
    await crashGpuProcess()
    const state = await running
    expect(state).toMatchObject({ phase: 'failed', reason: { kind: 'device', device: 'webgpu' } })
    expect(line.news.at(-1)).toMatchObject({ type: 'gpu-lost' })
    await expect(trainer.checkpoint()).rejects.toThrow(SessionLostError)
  }
})

test('a run whose GPU process crashes goes on with a new device, and ends with the same bits', async () => {
  const long = { ...spec, training: { ...spec.training, epochs: 8 } }
  const undisturbed = await traceOf(long, dataset, (await greetedLine()).backend)
  const losses: DeviceLoss[] = []
  let crashes = 0
  const surviving = new SurvivingBackend(crashing((await greetedLine()).backend), {
    next: async () => crashing((await greetedLine()).backend),
    onLoss: (loss) => losses.push(loss),
    clock: () => performance.now(),
  })
  expect(await traceOf(long, dataset, surviving)).toEqual(undisturbed)
  expect(crashes).toBe(2)
  expect(losses.length).toBeGreaterThan(0)
  for (const { from, to, step, lostAt, reason } of losses) {
    expect([from, to]).toEqual(['webgpu', 'webgpu'])
    expect(step).toBeLessThanOrEqual(lostAt)
    expect(reason).not.toBe('')
  }

  /** `backend`, under whose third call the GPU process crashes, twice in all. */
  function crashing(backend: Backend): Backend {
    return {
      ...backend,
      device: backend.device,
      createSession: async (setup) => {
        const session = await backend.createSession(setup)
        let calls = 0
        return {
          ...session,
          run: async (block) => {
            if (++calls === 3 && crashes < 2) {
              crashes += 1
              await crashGpuProcess()
            }
            return session.run(block)
          },
        }
      },
    }
  }
})

/** The answer does not come: the process that would send it is gone. */
async function crashGpuProcess(): Promise<void> {
  const control = await browser.newBrowserCDPSession()
  await control.send('Browser.crashGpuProcess').catch(() => undefined)
}

/** Scripts of which the page's own thread ran anything meanwhile. */
async function scriptsDuring<T>(
  target: Page,
  work: () => Promise<T>,
): Promise<{ readonly found: T; readonly scripts: readonly string[] }> {
  const tools = await target.context().newCDPSession(target)
  await tools.send('Profiler.enable')
  await tools.send('Profiler.start')
  const found = await work()
  const { profile } = await tools.send('Profiler.stop')
  await tools.detach()
  return { found, scripts: [...new Set(profile.nodes.map(({ callFrame }) => callFrame.url))] }
}

async function greetedLine(): Promise<GpuPageLine> {
  const line = await openLine(page)
  await line.ask({ type: 'gpu-open', tiles: {} })
  await expect.poll(() => line.news[0]?.type, { timeout: 60_000 }).toBe('gpu-ready')
  return line
}
