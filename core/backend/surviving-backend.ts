import type { Backend, DeviceName, Session, SessionSetup } from './backend'
import { SurvivingSession } from './surviving-session'

/** A device that was lost, and where its run goes on. */
export interface DeviceLoss {
  readonly from: DeviceName
  readonly to: DeviceName
  /** Optimizer steps of the last state that was kept: the run goes on from there. */
  readonly step: number
  /** Steps that had been taken; those since `step` are taken again. */
  readonly lostAt: number
  readonly reason: string
}

export interface Survival {
  /** Where to go on after so many losses in a row; rejects where there is nowhere. */
  readonly next: (losses: number) => Promise<Backend>
  readonly onLoss: (loss: DeviceLoss) => void
  /** Milliseconds of a steady clock. */
  readonly clock: () => number
  /** About how much work may be lost, in milliseconds; default 5000. */
  readonly keepMilliseconds?: number
}

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
