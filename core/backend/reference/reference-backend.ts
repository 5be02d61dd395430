/** The plain float64 backend: obvious, slow, and what every other backend is checked against. */
import type { Backend, Session, SessionSetup } from '../backend'
import { PlainSession } from '../plain-session'

export const referenceBackend: Backend = {
  device: 'reference',
  description: 'float64 reference',
  createSession: (setup: SessionSetup): Promise<Session> =>
    Promise.resolve(new PlainSession(setup, (length) => new Float64Array(length))),
}
