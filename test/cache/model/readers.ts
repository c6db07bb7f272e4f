import type { Draft } from './draft.ts'
import {
  ACKED,
  ANSWERED,
  DUE,
  ENTRY,
  ENTRY_RANK,
  ENTRY_VERSION,
  FLOOR,
  GENS,
  GHOST,
  HALF,
  HOLDS,
  IDLE,
  KEPT,
  KEPT_VERSION,
  LEASED,
  LOADED,
  LSN,
  MINIMUM,
  OUTSIDE,
  PENDING,
  PHASE,
  PRIMARY,
  RANK,
  REPLAYED,
  REPLICA,
  SAME,
  SOURCE,
  UNKNOWN,
  VERSION,
  VISIBLE,
  WAL,
} from './layout.ts'
import { isLsnFirst } from './rules.ts'
import { packStep } from './step.ts'
import type { Emit } from './writers.ts'

/** What a store answers; as the script of the same name. */
export type StoreAnswer = 'stored' | 'gen' | 'pending' | 'lsn' | 'newer'

/** A reader: asks for a lease, reads an LSN and then the value on one server, stores it. It may fail or vanish at any point. */
export function stepReader(now: Draft, reader: number, emit: Emit): void {
  const at = now.layout.reader(reader)
  const phase = now.get(at + PHASE)
  if (phase === IDLE) askForLease(now, reader, emit)
  if (phase === LEASED || phase === HALF || phase === LOADED) {
    load(now, reader, emit)
    emit(packStep('fail', reader, phase), (next) => next.endReader(reader))
    if (now.get(at + HOLDS) === 1) {
      emit(packStep('vanish', reader, phase), (next) => {
        next.endReader(reader)
        next.set(GHOST, 1)
      })
    }
  }
  if (phase === OUTSIDE) {
    emit(packStep('snapshot', reader), (next) => {
      next.set(at + VERSION, versionOf(next, next.get(at + SOURCE)))
      next.set(at + PHASE, ANSWERED)
    })
  }
  if (phase === ANSWERED) emit(packStep('answer', reader), (next) => next.endReader(reader))
  if (phase !== IDLE && mayJoin(now, reader)) {
    emit(packStep('join', reader), (next) => next.set(at + DUE, next.get(DUE + at) | next.get(ACKED)))
  }
}

function askForLease(now: Draft, reader: number, emit: Emit): void {
  const { layout, rules } = now
  const at = layout.reader(reader)
  const answers = rules.joins !== 'nobody'
  if (now.isServable() && !now.isAnyMissing()) {
    emit(packStep('leaseHit', reader), () => {})
    return
  }
  const make = (next: Draft) => {
    for (let f = 0; f < layout.shape.fences; f += 1) next.make(f)
  }
  if (now.isPending()) {
    emit(packStep('leasePending', reader), (next) => {
      make(next)
      if (!answers) return
      const server = rules.whileMarked === 'primary' ? PRIMARY : REPLICA
      next
        .set(at + PHASE, OUTSIDE)
        .set(at + DUE, next.get(ACKED))
        .set(at + SOURCE, server)
    })
    return
  }
  if (now.isLeased()) {
    emit(packStep('leaseWait', reader), make)
    return
  }
  emit(packStep('lease', reader), (next) => {
    make(next)
    const floor = next.highestFloor()
    next.set(at + RANK, next.nextRank())
    next.set(at + PHASE, LEASED).set(at + HOLDS, 1)
    const inOld = rules.failover !== 'never' && next.get(SAME) === 1
    const fromNothing = rules.joins === 'same open or missing fences' && now.isAnyMissing()
    next.set(at + GENS, 1 | (inOld ? 2 : 0) | (fromNothing ? 4 : 0))
    if (rules.routed) next.set(at + MINIMUM, floor)
    if (answers) next.set(at + DUE, next.get(ACKED))
  })
}

function load(now: Draft, reader: number, emit: Emit): void {
  const { layout, rules } = now
  const at = layout.reader(reader)
  const phase = now.get(at + PHASE)
  if (phase === LEASED) {
    const servers = mayReadReplica(now, reader) ? [PRIMARY, REPLICA] : [PRIMARY]
    for (const server of servers) {
      emit(packStep(server === PRIMARY ? 'lsnPrimary' : 'lsnReplica', reader), (next) => {
        next.set(at + SOURCE, server).set(at + PHASE, HALF)
        if (isLsnFirst(rules, server === PRIMARY)) next.set(at + LSN, positionOf(next, server))
        else next.set(at + VERSION, versionOf(next, server))
      })
    }
  }
  if (phase === HALF) {
    emit(packStep('snapshot', reader), (next) => {
      const server = next.get(at + SOURCE)
      next.set(at + PHASE, LOADED)
      if (isLsnFirst(rules, server === PRIMARY)) next.set(at + VERSION, versionOf(next, server))
      else next.set(at + LSN, positionOf(next, server))
    })
  }
  if (phase === LOADED) emit(packStep('store', reader), (next) => void store(next, reader))
}

/** The store, as it is one script. */
export function store(next: Draft, reader: number): StoreAnswer {
  const { rules } = next
  const at = next.layout.reader(reader)
  const answer = judgeStore(next, reader)
  if (answer === 'stored') {
    if (next.get(at + SOURCE) === PRIMARY) {
      for (let f = 0; f < next.layout.shape.fences; f += 1) {
        const floor = next.layout.fence(f) + FLOOR
        if (next.get(floor) === UNKNOWN) next.set(floor, next.get(at + LSN))
      }
    }
    next
      .set(ENTRY, 1)
      .set(ENTRY_VERSION, next.get(at + VERSION))
      .set(ENTRY_RANK, next.get(at + RANK))
    // Whoever has stored keeps it too.
    if (rules.local !== 'none') keep(next)
  }
  next.endReader(reader)
  return answer
}

function judgeStore(now: Draft, reader: number): StoreAnswer {
  const { rules } = now
  const at = now.layout.reader(reader)
  if (rules.gens && (now.get(at + GENS) & 1) === 0) return 'gen'
  if (now.isPending()) return 'pending'
  // Without gens, the floor is all there is for the primary's values too.
  const needsFloor = rules.floors && (now.get(at + SOURCE) === REPLICA || !rules.gens)
  if (needsFloor && now.highestFloor() > now.get(at + LSN)) return 'lsn'
  if (now.get(ENTRY) === 1 && now.get(ENTRY_RANK) > now.get(at + RANK)) return 'newer'
  return 'stored'
}

/** The process takes what is in Redis now. */
export function keep(next: Draft): void {
  const isInOld = next.rules.failover !== 'never' && next.get(SAME) === 1
  next.set(KEPT, 1 | (isInOld ? 2 : 0)).set(KEPT_VERSION, next.get(ENTRY_VERSION))
}

function mayReadReplica(now: Draft, reader: number): boolean {
  if (!now.rules.routed) return true
  const minimum = now.get(now.layout.reader(reader) + MINIMUM)
  return minimum !== UNKNOWN && minimum <= now.get(REPLAYED)
}

function mayJoin(now: Draft, reader: number): boolean {
  const at = now.layout.reader(reader)
  const isOutside = now.get(at + PHASE) >= OUTSIDE
  const { joins } = now.rules
  if (joins === 'nobody' || (now.get(at + DUE) | now.get(ACKED)) === now.get(at + DUE)) return false
  if (joins === 'anybody') return true
  if (isOutside) return joins === 'same fences' && now.isPending()
  if (joins === 'same open or missing fences' && (now.get(at + GENS) & 4) !== 0 && now.isAnyMissing())
    return true
  return (now.get(at + GENS) & 1) === 1 && (joins === 'same fences' || !now.isPending())
}

function positionOf(now: Draft, server: number): number {
  return now.get(server === PRIMARY ? WAL : REPLAYED)
}

function versionOf(now: Draft, server: number): number {
  return server === PRIMARY ? now.get(VISIBLE) : now.get(now.layout.prefix(now.get(REPLAYED)))
}

/** Whether a fence has a mark of this writer. */
export function hasMark(now: Draft, fence: number, writer: number): boolean {
  return (now.get(now.layout.fence(fence) + PENDING) & (1 << writer)) !== 0
}
