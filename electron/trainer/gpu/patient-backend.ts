import { copyRateOf, type Backend } from '#core/backend/backend'
import { deviceProblem } from '#core/backend/device-problem'
import { SessionLostError } from '#core/backend/remote-session'

/** Kernels take seconds even on a slow adapter; a driver that has not compiled them by then hangs. */
const OPENING_MILLISECONDS = 180_000

/** As `backend`, but a session that does not come up is given up. */
export function patientBackend(backend: Backend, milliseconds = OPENING_MILLISECONDS): Backend {
  const { device, description } = backend
  return {
    device,
    description,
    copyRate: () => copyRateOf(backend),
    createSession: async (setup) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      const tooLate = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => {
          const seconds = milliseconds / 1000
          reject(new SessionLostError(deviceProblem('slowStart', { seconds })))
        }, milliseconds)
      })
      try {
        return await Promise.race([backend.createSession(setup), tooLate])
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
