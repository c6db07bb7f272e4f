import { type MedianRatio, medianRatio } from './median-ratio.ts'
import { type Report, ratiosOf } from './result.ts'

/** What one peer must do as a share of what another does. */
export interface Target {
  readonly scenario: string
  readonly peer: string
  readonly to: string
  readonly atLeast: number
  readonly goal: number
}

/** How a target was met. */
export interface TargetVerdict extends Target, MedianRatio {
  readonly met: boolean
}

/** Holds the medians to the targets; a figure that was not measured falls short. */
export function judgeTargets(report: Report, targets: readonly Target[]): readonly TargetVerdict[] {
  return targets.map((target) => {
    const ratio = medianRatio(ratiosOf(report, target.scenario, target.peer, target.to))
    return { ...target, ...ratio, met: ratio.median >= target.atLeast }
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
