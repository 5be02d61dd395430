import { Worker } from 'node:worker_threads'
import type { Port } from '#core/backend/remote-session'
import { gpuNewsSchema, type GpuInfo, type GpuNews } from '#core/contract/gpu-host'
import { fail, ok, type Result } from '#core/tensor/result'
import { CLOSE_GPU, type EngineData } from '../engine-message'
import type { GpuHost, GpuLine } from '../gpu-host'
import { portOfWorker } from '../worker-port'

/** A driver that has not answered by then never will. */
const GREETING_MILLISECONDS = 20_000
const CLOSING_MILLISECONDS = 2_000

export interface NodeGpuOptions {
  /** Built engine.js. */
  readonly engineScript: URL
  /** The file that remembers which tiles were fastest. */
  readonly tiles: string
}

/** The GPU of this machine under plain Node, in an engine thread of its own. */
export function nodeGpuHost({ engineScript, tiles }: NodeGpuOptions): GpuHost {
  return {
    open: async () => {
      const workerData: EngineData = { device: 'webgpu', tiles }
      const worker = new Worker(engineScript, { workerData, name: 'engine webgpu' })
      const port = gpuPort(portOfWorker(worker))
      const greeting = await greetingOf(port)
      if (greeting.ok) {
        const line: GpuLine = { info: greeting.value, port, close: () => closeThread(worker) }
        return ok(line)
      }
      // A driver that hangs holds its thread; waiting for it would hang as well.
      void worker.terminate()
      return greeting
    },
  }
}

/** As `port`; it also closes when the other side says that its device is lost. */
function gpuPort(port: Port): Port {
  return {
    ...port,
    onClose: (listener) => {
      let told = false
      const tell = (reason: string): void => {
        if (!told) listener(reason)
        told = true
      }
      port.onClose(tell)
      port.onMessage((message) => {
        const news = newsIn(message)
        if (news?.type === 'gpu-lost') tell(news.reason)
      })
    },
  }
}

/** News of the GPU among the answers to calls. */
function newsIn(message: unknown): GpuNews | null {
  return gpuNewsSchema.safeParse(message).data ?? null
}

function greetingOf(port: Port): Promise<Result<GpuInfo, string>> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      const seconds = GREETING_MILLISECONDS / 1000
      resolve(fail(`the GPU driver did not answer in ${seconds.toFixed(0)} s`))
    }, GREETING_MILLISECONDS)
    const settle = (greeting: Result<GpuInfo, string>): void => {
      clearTimeout(timer)
      resolve(greeting)
    }
    port.onMessage((message) => {
      const news = newsIn(message)
      if (news?.type === 'gpu-ready') settle(ok(news.info))
      if (news?.type === 'gpu-refused') settle(fail(news.reason))
    })
    port.onClose((reason) => {
      settle(fail(reason))
    })
  })
}

/** The device is given back first: a thread that ends in the middle of its work may take the driver with it. */
async function closeThread(worker: Worker): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      resolve()
    })
  })
  if (worker.threadId === -1) return
  worker.postMessage(CLOSE_GPU)
  const timer = setTimeout(() => void worker.terminate(), CLOSING_MILLISECONDS)
  await ended
  clearTimeout(timer)
}
