import type { Draft } from './draft.ts'
import {
  ABORTED,
  CLAIMED,
  COMMITTED,
  DB,
  IDLE,
  LSN,
  OF_FENCE,
  OF_WRITER,
  PHASE,
  SAW_ABORTED,
  SAW_COMMITTED,
  SAW_NOTHING,
  SAW_POSITION,
  UNKNOWN,
  WAL,
} from './layout.ts'
import { hasMark } from './readers.ts'
import { packStep } from './step.ts'
import type { Emit } from './writers.ts'

/**
 * Who settles marks whose time is over: claims one, asks the primary what became of the transaction, and then for a position, and
 * opens the fence. Time is over at any time: the deadline is nothing that the protocol may lean on.
 */
export function stepResolver(now: Draft, resolver: number, emit: Emit): void {
  const { layout, rules } = now
  const at = layout.resolver(resolver)
  const phase = now.get(at + PHASE)
  const fence = now.get(at + OF_FENCE)
  const writer = now.get(at + OF_WRITER)
  const end = (next: Draft) => {
    next.bytes.fill(0, at, at + 4)
  }
  if (phase === IDLE) {
    for (let f = 0; f < layout.shape.fences; f += 1) {
      for (let w = 0; w < layout.shape.writers; w += 1) {
        if (!hasMark(now, f, w)) continue
        emit(packStep('claim', resolver, f * 16 + w), (next) => {
          next
            .set(at + PHASE, CLAIMED)
            .set(at + OF_FENCE, f)
            .set(at + OF_WRITER, w)
          if (rules.position === 'before the outcome') next.set(at + LSN, next.get(WAL))
        })
      }
    }
    return
  }
  const finish = (lsn: number | undefined) =>
    emit(packStep('settle', resolver, phase), (next) => {
      next.unmark(fence, writer, rules.after === 'gen' ? undefined : lsn)
      end(next)
    })
  if (phase === CLAIMED) ask(now, resolver, emit)
  if (phase === SAW_COMMITTED) {
    emit(packStep('position', resolver), (next) =>
      next.set(at + PHASE, SAW_POSITION).set(at + LSN, next.get(WAL)),
    )
  }
  if (phase === SAW_POSITION) finish(now.get(at + LSN))
  if (phase === SAW_ABORTED) finish(undefined)
  if (phase === SAW_NOTHING) finish(UNKNOWN)
  emit(packStep('stop', resolver, phase), end)
}

function ask(now: Draft, resolver: number, emit: Emit): void {
  const { layout, rules } = now
  const at = layout.resolver(resolver)
  const database = now.get(layout.writer(now.get(at + OF_WRITER)) + DB)
  const hasPosition = rules.position === 'before the outcome'
  if (database === COMMITTED) {
    emit(packStep('ask', resolver, COMMITTED), (next) =>
      next.set(at + PHASE, hasPosition ? SAW_POSITION : SAW_COMMITTED),
    )
  } else if (database === ABORTED || rules.inProgress === 'aborted') {
    emit(packStep('ask', resolver, ABORTED), (next) => next.set(at + PHASE, SAW_ABORTED).set(at + LSN, 0))
  }
  // The database may have forgotten how it ended, never that it has.
  if (database >= COMMITTED) {
    emit(packStep('askUnknown', resolver), (next) => next.set(at + PHASE, SAW_NOTHING).set(at + LSN, 0))
  }
}
