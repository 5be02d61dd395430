import { SessionLostError } from '../remote-session'
import type { EngineImage } from './engine'
import { type KernelThread, READY, type ThreadOrder } from './kernel-thread'
import type { Call, Team, TeamStep } from './program'
import { bindCall } from './single-team'
import {
  awaitHelpers,
  claim,
  countDone,
  CALL_WORDS,
  FIRST_SCRIPT,
  presentTicket,
  startHelpers,
  stopHelpers,
} from './thread-control'
import { instantiate, type WasmFunction } from './wasm/runtime'

/**
 * The caller's thread as leader of helper threads on the same shared memory. Parts that a helper has not begun are the leader's in the
 * end, so one that is gone between two steps is not missed; one that went with its part half done is the end of the session.
 */
export class ThreadTeam implements Team {
  readonly threads: number
  private readonly control: Int32Array
  private readonly helpers: readonly KernelThread[]
  private readonly kernels: Readonly<Record<string, WasmFunction>>
  private readonly numbers: ReadonlyMap<string, number>
  private readonly release: () => void
  private nextWord = FIRST_SCRIPT

  /** release: called once the helpers have been told to stop. Rejects with SessionLostError where one of them does not start. */
  static async create(
    { module, memory, control, controlBytes }: EngineImage,
    helpers: readonly KernelThread[],
    release: () => void,
  ): Promise<ThreadTeam> {
    const kernels = instantiate(module, memory)
    const words = new Int32Array(memory.buffer, control, controlBytes / 4)
    const team = new ThreadTeam(kernels, words, helpers, release)
    const orders = helpers.map((_, i) => ({
      module,
      memory,
      control,
      controlWords: words.length,
      thread: i + 1,
      ticket: presentTicket(words),
    }))
    const reasons = await Promise.all(helpers.map((helper, i) => begun(helper, orders[i])))
    const reason = reasons.find((found) => found !== null)
    if (reason === undefined) return team
    team.dispose()
    throw new SessionLostError(reason)
  }

  private constructor(
    kernels: Readonly<Record<string, WasmFunction>>,
    control: Int32Array,
    helpers: readonly KernelThread[],
    release: () => void,
  ) {
    this.kernels = kernels
    this.control = control
    this.helpers = helpers
    this.threads = helpers.length + 1
    this.release = release
    this.numbers = new Map(Object.keys(kernels).map((name, i) => [name, i]))
  }

  prepare(calls: readonly (readonly Call[])[]): TeamStep {
    const work = calls.map((list) => this.bind(list))
    const [mine, ...others] = work
    const script = calls.slice(1).some((list) => list.length > 0) ? this.write(calls) : null
    if (script === null || mine === undefined)
      return () => {
        for (const part of work) part()
      }
    const { control } = this
    return () => {
      const ticket = startHelpers(control, script)
      mine()
      for (let i = 0; i < others.length; i++)
        if (claim(control, i + 1, ticket)) {
          others[i]?.()
          countDone(control)
        }
      awaitHelpers(control, others.length, this.look)
    }
  }

  dispose(): void {
    stopHelpers(this.control)
    this.release()
  }

  private readonly look = (): void => {
    for (const helper of this.helpers) {
      const reason = helper.ended()
      if (reason !== null) throw new SessionLostError(reason)
    }
  }

  private bind(calls: readonly Call[]): () => void {
    const bound = calls.map(({ kernel, operands }) => bindCall(this.kernels, kernel, operands))
    return () => {
      for (const call of bound) call()
    }
  }

  /** Writes a step's calls for the helpers; null where the control words are used up: the leader then does all. */
  private write(calls: readonly (readonly Call[])[]): number | null {
    const script = this.nextWord
    const words = calls.reduce((sum, list) => sum + 2 + list.length * CALL_WORDS, 0)
    if (script + words > this.control.length) return null
    let at = script + calls.length
    for (const [thread, list] of calls.entries()) {
      this.control[script + thread] = at
      this.control[at++] = list.length
      for (const { kernel, operands } of list) {
        const number = this.numbers.get(kernel)
        if (number === undefined) throw new RangeError(`there is no kernel ${kernel}`)
        this.control.set([number, ...operands], at)
        at += CALL_WORDS
      }
    }
    this.nextWord = at
    return script
  }
}

/** Sends a helper to work; null once it is ready, or why it never will be. */
function begun(helper: KernelThread, order: ThreadOrder | undefined): Promise<string | null> {
  return new Promise((resolve) => {
    helper.onMessage((message) => {
      if (message === READY) resolve(null)
    })
    helper.onEnded(resolve)
    helper.postMessage(order)
  })
}
