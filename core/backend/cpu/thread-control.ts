/*
 * How the leader of a team and its helpers meet: words in the shared memory, no messages. A helper spins for a short while, since
 * the next step is usually microseconds away, then sleeps.
 */
import type { WasmFunction } from './wasm/runtime'

/** Indices of control words, each on a cache line of its own. */
const TICKET = 0
const SCRIPT = 1
const DONE = 16
const SLEEPERS = 32
const LEADER_SLEEPS = 48
const FAILED = 64
/** CLAIMS + t: the last ticket whose part for thread t somebody took. */
const CLAIMS = 80
/** Scripts begin here. */
export const FIRST_SCRIPT = 256
export const MOST_THREADS = FIRST_SCRIPT - CLAIMS

/** Tells helpers to return to their event loop. */
const STOP = 0
/** Loads of a word before a thread goes to sleep: some 50 microseconds. */
const SPINS = 30_000
/** A sleeping leader looks again after this many milliseconds, whatever happens. */
const NAP = 20

const OPERANDS = 6
/** Words of one call in a script: the kernel's number and its operands. */
export const CALL_WORDS = 1 + OPERANDS

/** A kernel broke off in a helper thread: the session's memory is in an unknown state. */
export class KernelFailureError extends Error {
  override readonly name = 'KernelFailureError'
}

/**
 * Starts a step on the helpers: thread t finds its calls at the word that script + t holds. Returns the step's ticket.
 */
export function startHelpers(control: Int32Array, script: number): number {
  control[SCRIPT] = script
  Atomics.store(control, DONE, 0)
  const ticket = (Atomics.add(control, TICKET, 1) + 1) | 0
  if (Atomics.load(control, SLEEPERS) > 0) Atomics.notify(control, TICKET)
  return ticket
}

/**
 * Takes thread `thread`'s part of a step; false where another thread has it. A leader who is done takes the parts that no helper
 * has begun, so that a busy machine never makes a team slower than its leader alone.
 */
export function claim(control: Int32Array, thread: number, ticket: number): boolean {
  const before = (ticket - 1) | 0
  return Atomics.compareExchange(control, CLAIMS + thread, before, ticket) === before
}

/** Counts a part as done. */
export function countDone(control: Int32Array): void {
  Atomics.add(control, DONE, 1)
}

/** Waits until `helpers` threads have done their part. look: called now and then, throws where one of them never will. */
export function awaitHelpers(control: Int32Array, helpers: number, look: () => void): void {
  for (let i = 0; i < SPINS; i++)
    if (Atomics.load(control, DONE) === helpers) {
      check(control)
      return
    }
  for (;;) {
    Atomics.store(control, LEADER_SLEEPS, 1)
    const done = Atomics.load(control, DONE)
    if (done !== helpers) Atomics.wait(control, DONE, done, NAP)
    Atomics.store(control, LEADER_SLEEPS, 0)
    if (Atomics.load(control, DONE) === helpers) {
      check(control)
      return
    }
    look()
  }
}

/** Every helper returns from `help`; none is left to claim anything. */
export function stopHelpers(control: Int32Array): void {
  startHelpers(control, STOP)
}

/** Does thread `thread`'s part of every step until the leader stops it. Blocks its thread. */
export function help(
  control: Int32Array,
  thread: number,
  kernels: readonly WasmFunction[],
  firstTicket: number,
): void {
  let ticket = firstTicket
  for (;;) {
    ticket = nextTicket(control, ticket)
    if (!claim(control, thread, ticket)) continue
    const script = control[SCRIPT] ?? STOP
    if (script === STOP) return
    try {
      perform(control, control[script + thread] ?? 0, kernels)
    } catch {
      Atomics.store(control, FAILED, 1)
    }
    Atomics.add(control, DONE, 1)
    if (Atomics.load(control, LEADER_SLEEPS) === 1) Atomics.notify(control, DONE)
  }
}

/** The ticket that a helper which starts now has already seen. */
export function presentTicket(control: Int32Array): number {
  return Atomics.load(control, TICKET)
}

function nextTicket(control: Int32Array, seen: number): number {
  for (let i = 0; i < SPINS; i++) {
    const ticket = Atomics.load(control, TICKET)
    if (ticket !== seen) return ticket
  }
  Atomics.add(control, SLEEPERS, 1)
  while (Atomics.load(control, TICKET) === seen) Atomics.wait(control, TICKET, seen)
  Atomics.sub(control, SLEEPERS, 1)
  return Atomics.load(control, TICKET)
}

/** A list of calls: their number, then CALL_WORDS words for each. */
function perform(control: Int32Array, list: number, kernels: readonly WasmFunction[]): void {
  const end = list + 1 + (control[list] as number) * CALL_WORDS
  for (let at = list + 1; at < end; at += CALL_WORDS) {
    const kernel = kernels[control[at] as number] as WasmFunction
    kernel(
      control[at + 1] as number,
      control[at + 2] as number,
      control[at + 3] as number,
      control[at + 4] as number,
      control[at + 5] as number,
      control[at + 6] as number,
    )
  }
}

function check(control: Int32Array): void {
  if (Atomics.load(control, FAILED) !== 0)
    throw new KernelFailureError('a kernel broke off in a helper thread')
}
