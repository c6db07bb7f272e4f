import { summarize } from '../latencies.ts'
import type { KindFigures } from './messages.ts'

/** Calls of one kind: when each was due, and when it was answered. Times are in milliseconds of one clock. */
export class CallLedger {
  readonly #calls: { readonly dueMs: number; endedMs: number | undefined }[] = []

  /** Notes down a call. @returns what to call when it is answered, or has failed */
  enter(dueMs: number): (endedMs: number) => void {
    const call: { readonly dueMs: number; endedMs: number | undefined } = { dueMs, endedMs: undefined }
    this.#calls.push(call)
    return (endedMs) => {
      call.endedMs = endedMs
    }
  }

  /**
   * @param fromMs calls due earlier are left out
   * @param slowMs from when on there were slow reads; who had no answer by then was held up by them
   * @param untilMs the end: those due later are left out
   */
  figures(fromMs: number, slowMs: number, untilMs: number): KindFigures {
    const before: number[] = []
    const during: number[] = []
    let unanswered = 0
    for (const { dueMs, endedMs } of this.#calls) {
      if (dueMs < fromMs || dueMs >= untilMs) continue
      if (endedMs === undefined) unanswered += 1
      if (endedMs !== undefined && endedMs < slowMs) before.push(endedMs - dueMs)
      else during.push((endedMs ?? untilMs) - dueMs)
    }
    return { before: summarize(before), during: summarize(during), unanswered }
  }
}
