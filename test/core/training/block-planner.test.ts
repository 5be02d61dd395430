import { expect, test } from 'vitest'
import { BlockPlanner } from '#core/training/block-planner'

test('plans as many steps as fit into its time, and one where it knows nothing', () => {
  const planner = new BlockPlanner(15)
  expect(planner.next(1000, 0)).toBe(1)
  planner.record(10, 5)
  expect(planner.next(1000, 0)).toBe(30)
  expect(planner.next(7, 0)).toBe(7)
})

test('blocks are brief for a while after a question, never shorter than a step', () => {
  const planner = new BlockPlanner(15)
  planner.record(10, 5)
  planner.noteQuestion(1000)
  expect(planner.next(1000, 1100)).toBe(8)
  expect(planner.next(1000, 2000)).toBe(30)
  const slow = new BlockPlanner(15)
  slow.record(1, 40)
  slow.noteQuestion(0)
  expect(slow.next(1000, 1)).toBe(1)
})
