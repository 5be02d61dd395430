import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { presetById } from '#core/spec/presets'
import { memberTypesOf, schedulerSchema } from '#core/spec/schedulers'
import {
  addMember,
  isCompound,
  memberObstacle,
  moveMember,
  removeMember,
  replaceMember,
  startMember,
  type Compound,
} from '../../../renderer/bench/compound-schedule'
import { startScheduler } from '../../../renderer/bench/scheduler-start'

const spec = presetById('starter')

function started(type: 'SequentialLR' | 'ChainedScheduler'): Compound {
  const scheduler = startScheduler(type, spec)
  if (scheduler === null || !isCompound(scheduler)) throw new Error(`${type} is no list`)
  return scheduler
}

const typesOf = ({ schedulers }: Compound) => schedulers.map(({ type }) => type)

describe('a schedule made of schedulers', () => {
  it('whatever a person does to its list, torch would still take it', () => {
    const edit = fc.record({
      what: fc.constantFrom('add', 'remove', 'move', 'replace'),
      at: fc.nat(5),
      to: fc.nat(5),
      type: fc.constantFrom(...memberTypesOf.SequentialLR),
    })
    fc.assert(
      fc.property(
        fc.constantFrom('SequentialLR' as const, 'ChainedScheduler' as const),
        fc.array(edit, { maxLength: 12 }),
        (type, edits) => {
          let compound = started(type)
          for (const { what, at, to, type: member } of edits) {
            const place = at % compound.schedulers.length
            if (what === 'add') compound = addMember(compound, spec)
            else if (what === 'remove') compound = removeMember(compound, place)
            else if (what === 'move') compound = moveMember(compound, place, to)
            else if (memberObstacle(compound, place, member) === null)
              compound = replaceMember(compound, place, startMember(member, spec))
            expect(schedulerSchema.safeParse(compound).error?.issues ?? []).toEqual([])
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('moving members leaves the milestones where they are in time', () => {
    const sequence = addMember(started('SequentialLR'), spec)
    const moved = moveMember(sequence, 0, 2)
    expect(typesOf(moved)).toEqual(['CosineAnnealingLR', 'ExponentialLR', 'LinearLR'])
    expect(moved).toHaveProperty('milestones', [1, 4])
  })

  it('the time of a member that is removed goes to the one before it', () => {
    const sequence = addMember(started('SequentialLR'), spec)
    expect(removeMember(sequence, 1)).toHaveProperty('milestones', [4])
    expect(removeMember(sequence, 0)).toHaveProperty('milestones', [4])
    expect(removeMember(sequence, 2)).toHaveProperty('milestones', [1])
  })

  it('the last member cannot be removed', () => {
    const one = removeMember(started('ChainedScheduler'), 0)
    expect(removeMember(one, 0)).toBe(one)
  })

  it('offers no member that steps at another pace, unless it is the only one', () => {
    const chain = started('ChainedScheduler')
    expect(memberObstacle(chain, 0, 'OneCycleLR')).toBe('interval')
    expect(memberObstacle(removeMember(chain, 0), 0, 'OneCycleLR')).toBeNull()
  })
})
