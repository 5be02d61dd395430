import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Hello, RunHeader } from '#core/contract/answers'
import type { TrainerExit } from '#core/contract/desktop'
import type { TrainerEvent } from '#core/contract/events'
import type { Notice } from '#core/training/notice'
import type { RunSpec } from '#core/spec/run-spec'
import type { Connection, ConnectionListener } from '../platform/connection'
import { EventGate } from './event-gate'
import { reduceRun, viewOf, type RunView } from './run-view'

/** The line to the trainer. */
export type Line =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'online' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'ended'; readonly exit: TrainerExit; readonly wasRunning: boolean }
  | { readonly kind: 'restarting' }

export interface NoticeEntry {
  readonly id: number
  readonly level: 'info' | 'warning' | 'error'
  readonly notice:
    | Notice
    /** `auto` was decided by a measurement, or by what the GPU refuses. */
    | { readonly kind: 'device-chosen'; readonly header: RunHeader }
    | { readonly kind: 'request-failed'; readonly reason: string }
    | { readonly kind: 'said'; readonly text: string; readonly details?: readonly string[] }
  readonly action?: { readonly label: string; readonly run: () => void }
}

/** Long enough to read it and to press Undo. */
const infoStays = 8000

/** The trainer and the run that is open in it. */
export const useTrainerStore = defineStore('trainer', () => {
  const line = ref<Line>({ kind: 'connecting' })
  const hello = shallowRef<Hello | null>(null)
  const view = shallowRef<RunView | null>(null)
  const notices = ref<NoticeEntry[]>([])
  const starting = ref(false)
  const connection = shallowRef<Connection | null>(null)
  let nextNotice = 1

  const phase = computed(() => view.value?.state.phase ?? 'idle')
  const usable = computed(() => line.value.kind === 'online')

  function notify(entry: Omit<NoticeEntry, 'id'>): void {
    const id = nextNotice++
    notices.value = [...notices.value, { ...entry, id }].slice(-4)
    if (entry.level === 'info')
      setTimeout(() => {
        dismiss(id)
      }, infoStays)
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((entry) => entry.id !== id)
  }

  const gate = new EventGate((events) => {
    for (const event of events) tell(event)
    view.value = reduceRun(view.value, ...events)
  })

  function tell(event: TrainerEvent): void {
    if (event.type === 'devices' && hello.value !== null)
      hello.value = { ...hello.value, devices: event.devices }
    if (event.type === 'opened' && isNews(event.open.header))
      notify({ level: 'info', notice: { kind: 'device-chosen', header: event.open.header } })
    if (event.type === 'notice') notify({ level: event.level, notice: event.notice })
  }

  /** A pen moved: the figures of the run may wait a little longer than its answer. */
  function notePen(): void {
    gate.notePen()
  }

  const listener: ConnectionListener = {
    event: (event) => {
      gate.take(event)
    },
    trainerExit: (exit) => {
      line.value = { kind: 'ended', exit, wasRunning: phase.value === 'running' }
    },
    online: (online) => {
      if (line.value.kind === 'ended' || line.value.kind === 'restarting') return
      line.value = online ? { kind: 'online' } : { kind: 'offline' }
      if (online) void attempt(refresh)
    },
  }

  async function open(
    connect: (listener: ConnectionListener) => Promise<Connection>,
  ): Promise<void> {
    connection.value = await connect(listener)
    line.value = { kind: 'online' }
    await attempt(refresh)
  }

  async function refresh(): Promise<void> {
    const { trainer } = connected()
    hello.value = await trainer.hello({})
    const { run } = await trainer.snapshot({})
    gate.flush()
    view.value = run === null ? null : viewOf(run)
  }

  function connected(): Connection {
    if (connection.value === null) throw new Error('The trainer is not there yet.')
    return connection.value
  }

  /** Null, and a notice for the person, where the request failed. */
  async function attempt<T>(request: () => Promise<T>): Promise<T | null> {
    try {
      return await request()
    } catch (cause) {
      if (line.value.kind === 'online')
        notify({ level: 'error', notice: { kind: 'request-failed', reason: reasonOf(cause) } })
      return null
    }
  }

  async function start(spec: RunSpec, paused = false): Promise<void> {
    starting.value = true
    const opened = await attempt(() => connected().trainer.startRun({ spec, paused }))
    starting.value = false
    gate.flush()
    if (opened !== null && view.value?.header.id !== opened.header.id) view.value = viewOf(opened)
  }

  async function reopen(id: string, resume = true): Promise<boolean> {
    const opened = await attempt(() => connected().trainer.reopenRun({ id, resume }))
    gate.flush()
    if (opened !== null) view.value = viewOf(opened)
    return opened !== null
  }

  async function command(name: 'pauseRun' | 'resumeRun' | 'stepRun' | 'stepEpoch' | 'stopRun') {
    await attempt(() => connected().trainer[name]({}))
  }

  /** Starts the trainer again after it ended and takes up the run from its last checkpoint. */
  async function recover(): Promise<void> {
    if (line.value.kind !== 'ended') return
    const ended = line.value
    line.value = { kind: 'restarting' }
    try {
      await connected().relaunch()
    } catch (cause) {
      line.value = { ...ended, exit: { code: ended.exit.code, reason: reasonOf(cause) } }
      return
    }
    line.value = { kind: 'online' }
    hello.value = (await attempt(() => connected().trainer.hello({}))) ?? hello.value
    const id = view.value?.header.id
    if (id === undefined) return
    const reopened = await reopen(id, phase.value !== 'stopped')
    if (reopened && ended.wasRunning) await command('resumeRun')
  }

  return {
    line,
    hello,
    view,
    notices,
    starting,
    connection,
    phase,
    usable,
    open,
    attempt,
    connected,
    notify,
    dismiss,
    start,
    reopen,
    command,
    recover,
    notePen,
  }
})

/** That there is no GPU is no news at every run. */
function isNews({ why }: RunHeader): boolean {
  return why?.kind === 'gpu-faster' || why?.kind === 'cpu-faster' || why?.kind === 'cpu-only'
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Error) return cause.message
  if (typeof cause === 'object' && cause !== null && 'message' in cause)
    return String(cause.message)
  return String(cause)
}
