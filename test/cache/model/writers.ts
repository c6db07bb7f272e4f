import type { Draft } from './draft.ts'
import {
  ABORTED,
  ACKED,
  BEGINNING,
  COMMITTED,
  COMMITTING,
  CRASHED,
  DB,
  DONE,
  FINISHING,
  IDLE,
  IN_WAL,
  LSN,
  MARKED,
  NOTE,
  OPEN,
  PHASE,
  REPLAYED,
  ROLLING_BACK,
  STEP,
  UNKNOWN,
  VISIBLE,
  WAL,
} from './layout.ts'
import { packStep } from './step.ts'

/** Takes what a step has made of a state. */
export type Emit = (step: number, change: (draft: Draft) => void) => void

/**
 * A writer: marks its fences, commits, is told so and of the end of the WAL, opens its fences. Its client may die at any point,
 * and its transaction goes on as PostgreSQL pleases: the record is in the WAL, and may be replayed, before the primary shows it.
 */
export function stepWriter(now: Draft, writer: number, fences: readonly number[], emit: Emit): void {
  const { layout, rules } = now
  const at = layout.writer(writer)
  const bit = 1 << writer
  const phase = now.get(at + PHASE)
  const database = now.get(at + DB)
  const step = now.get(at + STEP)
  const marks = rules.before === 'mark'

  if (rules.before !== 'nothing' && (phase === IDLE || phase === BEGINNING)) {
    emit(packStep('begin', writer, step), (next) => {
      const inOne = rules.begins === 'atomic' || !marks
      const marked = inOne ? fences : fences.slice(step, step + 1)
      if (marks) for (const fence of marked) next.mark(fence, writer)
      else next.dropEntry()
      const isLast = inOne || step + 1 === fences.length
      next.set(at + PHASE, isLast ? MARKED : BEGINNING).set(at + STEP, isLast ? 0 : step + 1)
    })
  }
  if (phase === MARKED || (phase === IDLE && rules.before === 'nothing')) {
    emit(packStep('walInsert', writer), (next) => {
      const end = next.get(WAL) + 1
      next.set(WAL, end).set(layout.prefix(end), next.get(layout.prefix(end - 1)) | bit)
      next.set(at + PHASE, COMMITTING).set(at + DB, IN_WAL)
    })
  }
  if (database === IN_WAL) {
    emit(packStep('visible', writer), (next) => {
      next.set(at + DB, COMMITTED).set(VISIBLE, next.get(VISIBLE) | bit)
      if (rules.journal) next.set(at + NOTE, 1)
    })
  }
  if (phase === COMMITTING && database === COMMITTED) {
    emit(packStep('acknowledge', writer), (next) => {
      next.set(ACKED, next.get(ACKED) | bit)
      next.set(at + PHASE, rules.after === 'nothing' ? DONE : FINISHING).set(at + LSN, next.get(WAL))
    })
  }
  if (phase === FINISHING || phase === ROLLING_BACK) {
    const kind = phase === FINISHING ? 'finish' : 'rollBack'
    emit(packStep(kind, writer, step), (next) => {
      const fence = fences[step] ?? 0
      finish(next, writer, fence, phase === FINISHING ? now.get(at + LSN) : undefined)
      const isLast = step + 1 >= fences.length
      next.set(at + STEP, isLast ? 0 : step + 1)
      if (isLast) next.set(at + PHASE, DONE).set(at + LSN, 0)
    })
  }
  if (marks && (phase === BEGINNING || phase === MARKED)) {
    emit(packStep('abort', writer), (next) => {
      next
        .set(at + PHASE, ROLLING_BACK)
        .set(at + DB, ABORTED)
        .set(at + STEP, 0)
    })
  }
  if (rules.crashes && phase !== IDLE && phase !== DONE && phase !== CRASHED) {
    emit(packStep('crash', writer, phase), (next) => {
      next
        .set(at + PHASE, CRASHED)
        .set(at + STEP, 0)
        .set(at + LSN, 0)
    })
  }
  if (phase === CRASHED && database === OPEN) {
    emit(packStep('abortOrphan', writer), (next) => next.set(at + DB, ABORTED))
  }
  if (now.get(at + NOTE) === 1) {
    const carry = (next: Draft) => {
      for (const fence of fences) next.unmark(fence, undefined, UNKNOWN)
    }
    emit(packStep('carry', writer), (next) => {
      carry(next)
      next.set(at + NOTE, 0)
    })
    emit(packStep('carryAgain', writer), carry)
  }
}

/** Opens a fence again, as the protocol at hand does it. */
export function finish(next: Draft, writer: number, fence: number, lsn: number | undefined): void {
  const { after, before } = next.rules
  if (after === 'fence') next.unmark(fence, before === 'mark' ? writer : undefined, lsn)
  else if (after === 'gen') next.unmark(fence, before === 'mark' ? writer : undefined, undefined)
  else if (after !== 'nothing') {
    if (after === 'floor') next.raise(fence, lsn)
    next.dropEntry()
  }
}

/** The replica, any time later. */
export function stepReplica(now: Draft, emit: Emit): void {
  const replayed = now.get(REPLAYED)
  if (replayed < now.get(WAL)) emit(packStep('replay'), (next) => next.set(REPLAYED, replayed + 1))
}
