import type { Target } from '../report/targets.ts'
import { DISTANCES } from '../topology/distance.ts'
import { HAND_WRITTEN_ON_MANY, labelOf, MULTIPLEXED_ON_FEW, PGBENCH, PIPELINED_ON_FEW } from './ways.ts'

/** The scenario of a distance. */
export function scenarioAt(distance: string): string {
  return `read, ${distance}`
}

const RATIOS: readonly Pick<Target, 'to' | 'atLeast' | 'goal'>[] = [
  { to: labelOf(HAND_WRITTEN_ON_MANY), atLeast: 5, goal: 7 },
  { to: labelOf(PIPELINED_ON_FEW), atLeast: 0.85, goal: 1 },
  { to: PGBENCH, atLeast: 0.7, goal: 1 },
]

/** The performance rows that hold for reads on shared connections; without that of pgbench where it cannot be had. */
export function connectionTargets(hasPgbench: boolean): readonly Target[] {
  const ratios = RATIOS.filter(({ to }) => hasPgbench || to !== PGBENCH)
  return DISTANCES.flatMap((distance) =>
    ratios.map((ratio) => ({
      scenario: scenarioAt(distance),
      peer: labelOf(MULTIPLEXED_ON_FEW),
      ...ratio,
    })),
  )
}
