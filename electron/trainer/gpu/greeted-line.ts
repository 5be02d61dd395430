import { deviceProblem } from '#core/backend/device-problem'
import type { Port } from '#core/backend/remote-session'
import { gpuNewsSchema, type GpuInfo, type GpuNews } from '#core/contract/gpu-host'
import { fail, ok, type Result } from '#core/tensor/result'
import type { GpuLine } from '../gpu-host'

/** A driver that has not answered by then never will. */
const GREETING_MILLISECONDS = 20_000

/** The line to what answers at the far end of `port` (serve-gpu.ts), once its device is there. */
export async function greetedLine(
  far: Port,
  close: () => Promise<void>,
): Promise<Result<GpuLine, string>> {
  const port = gpuPort(far)
  const greeting = await greetingOf(port)
  return greeting.ok ? ok({ info: greeting.value, port, close }) : greeting
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
      resolve(fail(deviceProblem('silent', { seconds: GREETING_MILLISECONDS / 1000 })))
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
