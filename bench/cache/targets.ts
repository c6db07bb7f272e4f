import { type MedianRatio, medianRatio } from '../report/median-ratio.ts'
import { LEASEHOLD, RAW } from './peers/connect-peer.ts'
import type { Course, Courses } from './rounds.ts'
import type { HitScenario } from './scenario.ts'
import type { Stampede } from './stampede.ts'

/** One thing that is held to a limit. */
interface Target {
  readonly scenario: HitScenario
  /** Latency is better when it is small, throughput when it is large. */
  readonly of: 'p50' | 'throughput'
  readonly limit: number
  readonly goal: number
}

const TARGETS: readonly Target[] = [
  { scenario: 'one after another', of: 'p50', limit: 1.1, goal: 1 },
  { scenario: 'one after another', of: 'throughput', limit: 0.9, goal: 1 },
  { scenario: '64 at once, one key', of: 'throughput', limit: 0.9, goal: 1 },
  { scenario: '64 at once, 64 keys', of: 'throughput', limit: 0.9, goal: 1 },
]

/** How a target was met. */
export interface TargetVerdict {
  readonly target: string
  readonly figure: string
  readonly met: boolean
  readonly goalReached: boolean
}

/** Holds leasehold to the targets; what was not measured falls short. */
export function judgeTargets(courses: Courses, stampedes: readonly Stampede[]): readonly TargetVerdict[] {
  return [...TARGETS.map((target) => judgeRatio(courses, target)), judgeStampede(stampedes)]
}

/** What a peer took or did as a share of the raw one, round by round. */
export function ratioToRaw(
  courses: Courses,
  scenario: HitScenario,
  peer: string,
  of: Target['of'],
): MedianRatio {
  const series = (course: Course | undefined) => (of === 'p50' ? course?.p50Us : course?.opsPerSecond) ?? []
  const raw = series(courses.get(scenario)?.get(RAW))
  const own = series(courses.get(scenario)?.get(peer))
  return medianRatio(own.map((figure, round) => figure / (raw[round] ?? Number.NaN)))
}

function judgeRatio(courses: Courses, { scenario, of, limit, goal }: Target): TargetVerdict {
  const { median, low, high } = ratioToRaw(courses, scenario, LEASEHOLD, of)
  const isWithin = (bound: number) => (of === 'p50' ? median <= bound : median >= bound)
  const least = of === 'p50' ? 'at most' : 'at least'
  return {
    target: `${scenario}: ${of} of ${LEASEHOLD} / ${RAW} ${least} ${limit.toFixed(2)}, goal ${goal.toFixed(2)}`,
    figure: `${median.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`,
    met: isWithin(limit),
    goalReached: isWithin(goal),
  }
}

function judgeStampede(stampedes: readonly Stampede[]): TargetVerdict {
  const loads = stampedes.find(({ peer }) => peer === LEASEHOLD)?.loads ?? []
  const met = loads.length > 0 && loads.every((count) => count === 1)
  return {
    target: `stampede: loads of ${LEASEHOLD} exactly 1`,
    figure: loads.join(', '),
    met,
    goalReached: met,
  }
}

/** One line for each target. */
export function formatTargets(verdicts: readonly TargetVerdict[]): string {
  return verdicts
    .map(({ target, figure, met, goalReached }) => {
      const verdict = met ? (goalReached ? 'goal reached' : 'met') : 'MISSED'
      return `${verdict}: ${target}: ${figure}`
    })
    .join('\n')
}
