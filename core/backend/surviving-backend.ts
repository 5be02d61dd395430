import type { Backend, DeviceName, Session, SessionSetup } from './backend'
import type { Survival } from './survival'
import { SurvivingSession } from './surviving-session'

/** A backend whose sessions outlive their device: nothing is lost but time (surviving-session.ts). */
export class SurvivingBackend implements Backend {
  private current: Backend
  private readonly survival: Survival

  constructor(first: Backend, survival: Survival) {
    this.current = first
    this.survival = survival
  }

  get device(): DeviceName {
    return this.current.device
  }

  get description(): string {
    return this.current.description
  }

  async createSession(setup: SessionSetup): Promise<Session> {
    const session = await this.current.createSession(setup)
    const next = async (losses: number): Promise<Backend> => {
      this.current = await this.survival.next(losses)
      return this.current
    }
    return new SurvivingSession(setup, { backend: this.current, session }, this.survival, next)
  }
}
