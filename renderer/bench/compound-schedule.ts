import type { RunSpec } from '#core/spec/run-spec'
import { intervalOf, memberTypesOf } from '#core/spec/schedulers'
import type { SchedulerSpec, SchedulerSpecOf, SchedulerType } from '#core/spec/schedulers'
import { startScheduler } from './scheduler-start'

/** Schedulers made of schedulers, as lists that a person edits. Every result is a scheduler that torch would take. */
export type Compound = SchedulerSpecOf<'SequentialLR'> | SchedulerSpecOf<'ChainedScheduler'>
export type Member = Compound['schedulers'][number]

export function isCompound(scheduler: SchedulerSpec): scheduler is Compound {
  return scheduler.type === 'SequentialLR' || scheduler.type === 'ChainedScheduler'
}

/** Why a member may not be of that type: `interval` where it steps per batch and the others per epoch, or the reverse. */
export function memberObstacle(
  compound: Compound,
  at: number,
  type: SchedulerType,
): 'interval' | null {
  const others = compound.schedulers.toSpliced(at, 1)
  const [first] = others
  if (first === undefined) return null
  const steps = type === 'CyclicLR' || type === 'OneCycleLR' ? 'batch' : 'epoch'
  return steps === intervalOf(first) ? null : 'interval'
}

/** One more at the end, of the kind that steps as the others do; in a sequence it takes over later than the last. */
export function addMember(compound: Compound, spec: RunSpec): Compound {
  const perBatch = intervalOf(compound) === 'batch'
  const type = perBatch ? 'CyclicLR' : 'ExponentialLR'
  const schedulers = [...compound.schedulers, startMember(type, spec)]
  const positions = perBatch ? 2000 : Math.max(1, Math.floor(spec.training.epochs / 3))
  if (compound.type === 'ChainedScheduler') return { ...compound, schedulers }
  const milestone = (compound.milestones.at(-1) ?? 0) + positions
  return withMembers(compound, schedulers, [...compound.milestones, milestone])
}

/** In a sequence the time of the one removed goes to the one before it, or after it where it was the first. */
export function removeMember(compound: Compound, at: number): Compound {
  if (compound.schedulers.length < 2) return compound
  const schedulers = compound.schedulers.toSpliced(at, 1)
  return compound.type === 'ChainedScheduler'
    ? { ...compound, schedulers }
    : withMembers(compound, schedulers, compound.milestones.toSpliced(Math.max(0, at - 1), 1))
}

/** The milestones stay where they are: they are places in time. */
export function moveMember(compound: Compound, from: number, to: number): Compound {
  const moved = compound.schedulers[from]
  if (moved === undefined || to < 0 || to >= compound.schedulers.length) return compound
  const schedulers = compound.schedulers.toSpliced(from, 1).toSpliced(to, 0, moved)
  return compound.type === 'ChainedScheduler'
    ? { ...compound, schedulers }
    : withMembers(compound, schedulers, compound.milestones)
}

export function replaceMember(compound: Compound, at: number, member: Member): Compound {
  const schedulers = [
    ...compound.schedulers.slice(0, at),
    member,
    ...compound.schedulers.slice(at + 1),
  ]
  return compound.type === 'ChainedScheduler'
    ? { ...compound, schedulers }
    : withMembers(compound, schedulers, compound.milestones)
}

/** `type` is one of memberTypesOf. */
export function startMember(type: SchedulerType, spec: RunSpec): Member {
  const started = startScheduler(type, spec)
  if (started === null || !isMember(started)) throw new TypeError(`${type} is no member`)
  return started
}

function isMember(scheduler: SchedulerSpec): scheduler is Member {
  return memberTypesOf.ChainedScheduler.includes(scheduler.type)
}

type Sequence = SchedulerSpecOf<'SequentialLR'>

function withMembers(
  sequence: Sequence,
  members: readonly Member[],
  milestones: readonly number[],
): Sequence {
  const schedulers = members.filter((member) => member.type !== 'SequentialLR')
  return { ...sequence, schedulers, milestones: [...milestones] }
}
