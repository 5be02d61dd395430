/** The GPU host's page in a Chromium with WebGPU, without Electron: a real one, else Chromium's software adapter. */
import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type Page } from '@playwright/test'
import { RemoteBackend } from '#core/backend/remote-session'
import { gpuNewsSchema, type GpuNews, type GpuRequest } from '#core/contract/gpu-host'
import { findPageFile } from '../../electron/page/page-file'
import { SECURITY_HEADERS } from '../../electron/page/security-headers'
import { createWire, type Wire } from './wire'

const pages = join(import.meta.dirname, '../../out/renderer')

/** Serves the built pages with the headers that every host sends. */
export async function servePages(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    void findPageFile(pages, new URL(request.url ?? '/', 'http://localhost').pathname).then(
      async (file) => {
        response.writeHead(file === null ? 404 : 200, {
          ...SECURITY_HEADERS,
          'Content-Type': file?.contentType ?? 'text/plain',
        })
        response.end(file === null ? '' : await readFile(file.path))
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  // A server that listens on a port has an address of this type.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://localhost:${port}/gpu-host/index.html`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** As Electron is told: WebGPU without a vetted driver, and crashes of the GPU process are survived. */
export function launchGpuBrowser(): Promise<Browser> {
  const executablePath = process.env['GRADIENT_WORKBENCH_BROWSER']
  return chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--enable-unsafe-webgpu',
      '--disable-gpu-process-crash-limit',
      '--disable-domain-blocking-for-3d-apis',
      // Zeroing the memory of workgroups makes pipelines take seconds on the software adapter.
      '--enable-dawn-features=disable_workgroup_init',
    ],
  })
}

/** Why WebGPU cannot be tested in this browser, or null. */
export async function whyNoGpu(page: Page): Promise<string | null> {
  return page.evaluate(async () => {
    if (!('gpu' in navigator)) return 'this browser has no WebGPU'
    const adapter = await navigator.gpu.requestAdapter()
    return adapter === null ? 'this browser finds no GPU adapter, not even a software one' : null
  })
}

/** A port of the host in `page`, driven from here. */
export interface GpuPageLine {
  readonly news: readonly GpuNews[]
  readonly backend: RemoteBackend
  ask(request: GpuRequest): Promise<void>
}

let nextLine = 1

/** Brings the page a port, as the desktop's preload script does. */
export async function openLine(page: Page): Promise<GpuPageLine> {
  const name = `line${nextLine++}`
  const wire = createWire()
  const news: GpuNews[] = []
  const listeners: ((message: unknown) => void)[] = []
  const closers: ((reason: string) => void)[] = []
  await page.exposeFunction(`${name}Heard`, (text: string) => {
    const message = wire.decode(text)
    const told = gpuNewsSchema.safeParse(message)
    if (!told.success) for (const listener of listeners) listener(message)
    else {
      news.push(told.data)
      if (told.data.type === 'gpu-lost') for (const closer of closers) closer(told.data.reason)
    }
  })
  await page.evaluate(
    `(${bringPort.toString()})(${JSON.stringify(name)}, (${createWire.toString()})())`,
  )
  const post = (message: unknown): Promise<void> =>
    page.evaluate(
      ([name, text]) => {
        const ends = window as unknown as Record<string, (text: string) => void>
        ends[`${name}Say`]?.(text)
      },
      [name, wire.encode(message)] as const,
    )
  const backend = new RemoteBackend('webgpu', 'the GPU host in a browser', {
    postMessage: (message) => void post(message),
    onMessage: (listener) => listeners.push(listener),
    onClose: (listener) => closers.push(listener),
  })
  return { news, backend, ask: post }
}

/** In the page: the near end of the port, behind two functions that carry text. */
function bringPort(name: string, wire: Wire): void {
  const ends = window as unknown as Record<string, (text: string) => void>
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = ({ data }) => ends[`${name}Heard`]?.(wire.encode(data))
  ends[`${name}Say`] = (text) => {
    port1.postMessage(wire.decode(text))
  }
  window.postMessage({ type: 'gpu-port' }, location.origin, [port2])
}
