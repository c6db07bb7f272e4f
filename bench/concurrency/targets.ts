import { countErrors } from './errors-seen.ts'
import type { ConcurrencyFigures } from './figures.ts'
import { JUDGED_REQUESTS } from './requests/ways.ts'
import { JUDGED_SLOW, slowLabel } from './slow/ways.ts'
import { worstOf } from './slow/worst.ts'

const MOST_CONNECTIONS = 4
const GOAL_CONNECTIONS = 2
const MOST_ADDED_MS = 50

/** How a target was met. */
export interface TargetVerdict {
  readonly target: string
  readonly figure: string
  readonly met: boolean
  readonly goalReached: boolean
}

/** Holds leasehold to the targets; what was not measured falls short. */
export function judgeTargets(figures: ConcurrencyFigures): readonly TargetVerdict[] {
  return [judgeConnections(figures), judgeErrors(figures), judgeAdded(figures), judgeSlow(figures)]
}

function judgeConnections(figures: ConcurrencyFigures): TargetVerdict {
  const { most } = judgedRequests(figures) ?? {}
  const connections = most ? Math.max(most.pgbouncer, most.postgres) : Number.NaN
  return {
    target: `requests: server connections at most ${MOST_CONNECTIONS}, goal ${GOAL_CONNECTIONS}`,
    figure: String(connections),
    // None at all were not counted.
    met: connections > 0 && connections <= MOST_CONNECTIONS,
    goalReached: connections > 0 && connections <= GOAL_CONNECTIONS,
  }
}

function judgeErrors(figures: ConcurrencyFigures): TargetVerdict {
  const measured = judgedRequests(figures)
  const errors = measured ? countErrors(measured.errors) : Number.NaN
  const met = errors === 0 && (measured?.latencies.calls ?? 0) > 0
  return { target: 'requests: no errors', figure: String(errors), met, goalReached: met }
}

function judgeAdded(figures: ConcurrencyFigures): TargetVerdict {
  const addedMs = judgedSlow(figures)?.reads.addedMs ?? Number.NaN
  const met = addedMs <= MOST_ADDED_MS
  return {
    target: `beside slow reads: the largest added latency of a read at most ${MOST_ADDED_MS} ms`,
    figure: `${addedMs.toFixed(1)} ms`,
    met,
    goalReached: met,
  }
}

function judgeSlow(figures: ConcurrencyFigures): TargetVerdict {
  const worst = judgedSlow(figures)
  const left = worst ? worst.slowUnanswered + worst.reads.unanswered + worst.errors : Number.NaN
  const met = left === 0
  return {
    target: 'beside slow reads: everybody answered, without errors',
    figure: `${left} not`,
    met,
    goalReached: met,
  }
}

function judgedRequests({ requests }: ConcurrencyFigures) {
  const { way, connections } = JUDGED_REQUESTS
  return requests.find((measured) => measured.way === way && measured.connections === connections)
}

function judgedSlow({ slow }: ConcurrencyFigures) {
  const found = slow.find(({ slowCase }) => slowLabel(slowCase) === slowLabel(JUDGED_SLOW))
  return found && found.repeats.length > 0 ? worstOf(found.repeats) : undefined
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
