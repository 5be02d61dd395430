import { afterAll, test } from 'vitest'
import { findTestAdapter } from '../../webgpu-device'

const adapter = await findTestAdapter()
let opened: Promise<GPUDevice> | null = null

afterAll(async () => {
  if (opened !== null) (await opened).destroy()
})

/** A test on the device of this file; skipped, with the reason on the console, where there is none. */
export function gpuTest(name: string, body: (device: GPUDevice) => Promise<void>): void {
  test.skipIf(adapter === null)(name, async () => {
    await body(await deviceOfFile())
  })
}

function deviceOfFile(): Promise<GPUDevice> {
  opened ??= adapter?.createDevice() ?? null
  if (opened === null) throw new Error('no adapter')
  return opened
}
