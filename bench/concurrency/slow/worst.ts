import { countErrors } from '../errors-seen.ts'
import type { KindFigures, SlowFigures } from './messages.ts'

/** How a kind of calls fared in the worst of several repeats, in milliseconds. */
export interface WorstOfKind {
  /** The median before the slow reads, of the repeat with the lowest. */
  readonly usualMs: number
  /** The longest before them. */
  readonly maxBeforeMs: number
  readonly p99Ms: number
  readonly maxMs: number
  /** How much longer than usual the longest took, within one repeat. */
  readonly addedMs: number
  readonly calls: number
  /** Without an answer at the end: the longest may take longer still. */
  readonly unanswered: number
}

/** A case, over all repeats. */
export interface WorstOfCase {
  readonly reads: WorstOfKind
  readonly writes: WorstOfKind
  readonly slowAnswered: number
  readonly slowUnanswered: number
  readonly errors: number
  readonly foreignRows: number
}

export function worstOf(repeats: readonly SlowFigures[]): WorstOfCase {
  const sum = (of: (figures: SlowFigures) => number) => repeats.reduce((all, next) => all + of(next), 0)
  return {
    reads: worstOfKind(repeats.map(({ reads }) => reads)),
    writes: worstOfKind(repeats.map(({ writes }) => writes)),
    slowAnswered: sum(({ slow }) => slow.answered),
    slowUnanswered: sum(({ slow }) => slow.unanswered),
    errors: sum(({ errors }) => countErrors(errors)),
    foreignRows: sum(({ foreignRows }) => foreignRows),
  }
}

function worstOfKind(repeats: readonly KindFigures[]): WorstOfKind {
  const most = (of: (figures: KindFigures) => number) => Math.max(...repeats.map(of))
  const sum = (of: (figures: KindFigures) => number) => repeats.reduce((all, next) => all + of(next), 0)
  return {
    usualMs: Math.min(...repeats.map(({ before }) => before.p50Ms)),
    maxBeforeMs: most(({ before }) => before.maxMs),
    p99Ms: most(({ during }) => during.p99Ms),
    maxMs: most(({ during }) => during.maxMs),
    addedMs: most(({ before, during }) => during.maxMs - before.p50Ms),
    calls: sum(({ during }) => during.calls),
    unanswered: sum(({ unanswered }) => unanswered),
  }
}
