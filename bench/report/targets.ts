import { HAND_WRITTEN, LEASEHOLD, RAW_NAMED } from '../tenant/peers/connect-peer.ts'
import { type MedianRatio, medianRatio } from './median-ratio.ts'
import { type Report, ratiosOf } from './result.ts'

interface Target {
  readonly scenario: string
  readonly to: string
  readonly atLeast: number
  readonly goal: number
}

/** The performance rows that hold for one statement that reads. */
const TARGETS: readonly Target[] = [
  { scenario: 'read, loopback', to: RAW_NAMED, atLeast: 0.7, goal: 0.8 },
  { scenario: 'read, +1 ms each way', to: RAW_NAMED, atLeast: 0.9, goal: 0.97 },
  { scenario: 'read, loopback', to: HAND_WRITTEN, atLeast: 2, goal: 2.5 },
  { scenario: 'read, +1 ms each way', to: HAND_WRITTEN, atLeast: 4.5, goal: 5 },
]

/** How a target was met. */
export interface TargetVerdict extends Target, MedianRatio {
  readonly peer: string
  readonly met: boolean
}

/** Holds the medians to the targets; a figure that was not measured falls short. */
export function judgeTargets(report: Report): readonly TargetVerdict[] {
  return TARGETS.map((target) => {
    const ratio = medianRatio(ratiosOf(report, target.scenario, LEASEHOLD, target.to))
    return { peer: LEASEHOLD, ...target, ...ratio, met: ratio.median >= target.atLeast }
  })
}

/** One line for each target. */
export function formatTargets(verdicts: readonly TargetVerdict[]): string {
  return verdicts
    .map(({ scenario, peer, to, median, low, high, atLeast, goal, met }) => {
      const figure = `${median.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`
      const verdict = met ? (median >= goal ? 'goal reached' : 'met') : 'MISSED'
      return `${verdict}: ${scenario}: ${peer} / ${to} = ${figure}, at least ${atLeast.toFixed(2)}, goal ${goal.toFixed(2)}`
    })
    .join('\n')
}
