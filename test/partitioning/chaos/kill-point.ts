import type { PartitionStep } from '../../../src/partitioning/plan/step.ts'
import type { Random } from '../../support/random.ts'

/** How a run comes to its end. */
export const KILL_WAYS = ['socket', 'terminate', 'cancel'] as const
export type KillWay = (typeof KILL_WAYS)[number]

/**
 * Where it is killed.
 *
 * - `before`: the step has not been sent
 * - `inside`: while its transaction is open, behind the statement of that number; of a lone statement, while it is under way
 * - `after`: it is committed, and the run does not know yet
 */
export interface KillPoint {
  readonly step: string
  readonly way: KillWay
  readonly place: 'before' | 'inside' | 'after'
  readonly statement: number
  /** Of a DETACH CONCURRENTLY: whether it waits for readers of the table, or for those of the partition, which is pending by then. */
  readonly held: 'table' | 'partition'
}

/** Nothing else can be left by half. */
const DETACH_PERCENT = 25

/** Draws a point from the steps that send something. */
export function drawKillPoint(random: Random, steps: readonly PartitionStep[]): KillPoint {
  const sent = steps.filter(({ statements }) => statements.length > 0)
  const detaching = sent.filter(({ statements }) => statements.join().includes('detach partition'))
  const step = random.pick(detaching.length > 0 && random.chance(DETACH_PERCENT) ? detaching : sent)
  return {
    step: step.id,
    way: random.pick(KILL_WAYS),
    // Most of what can go wrong goes wrong inside.
    place: random.pick(['before', 'inside', 'inside', 'inside', 'after']),
    statement: random.below(step.statements.length + 1),
    held: random.pick(['table', 'partition']),
  }
}
