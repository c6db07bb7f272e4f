import {
  ABORTED,
  ACKED,
  ANSWERED,
  byte,
  CRASHED,
  DB,
  DONE,
  DUE,
  ENTRY,
  ENTRY_VERSION,
  FLOOR,
  IDLE,
  KEPT,
  KEPT_VERSION,
  LOADED,
  MISSING,
  NOTE,
  OF_WRITER,
  PENDING,
  PHASE,
  VERSION,
  VISIBLE,
} from './layout.ts'
import type { Protocol } from './protocol.ts'

/** What must never be so. */
export type Invariant = 'fresh' | 'acknowledged' | 'not stuck' | 'answers' | 'kept'

/** What is wrong with a state, of what was asked for. */
export type Check = (state: Uint8Array) => Invariant | undefined

/** Looks at states of a protocol. */
export function checkOf(protocol: Protocol, invariants: readonly Invariant[]): Check {
  const checks = invariants.map((name) => ({ name, isBroken: BROKEN[name] }))
  return (state) => checks.find(({ isBroken }) => isBroken(protocol, state))?.name
}

const BROKEN: Record<Invariant, (protocol: Protocol, state: Uint8Array) => boolean> = {
  /** What would be served lacks something that the primary shows. */
  fresh: (protocol, state) => lacking(protocol, state, VISIBLE) !== 0,
  /** What would be served lacks something that somebody was told is committed. */
  acknowledged: (protocol, state) => lacking(protocol, state, ACKED) !== 0,
  /** What would be served lacks something, and nobody is left who would do anything about it. */
  'not stuck': (protocol, state) => {
    const lacks = lacking(protocol, state, VISIBLE)
    return (
      lacks !== 0 &&
      everyWriter(protocol, (writer) => (lacks & (1 << writer)) === 0 || isLeft(protocol, state, writer))
    )
  },
  /** A call is answered with what lacks something that had been acknowledged before the call. */
  answers: (protocol, state) => {
    for (let r = 0; r < protocol.layout.shape.readers; r += 1) {
      const at = protocol.layout.reader(r)
      const phase = byte(state, at + PHASE)
      if (phase !== LOADED && phase !== ANSWERED) continue
      if ((byte(state, at + DUE) & ~byte(state, at + VERSION)) !== 0) return true
    }
    return false
  },
  /** What a process has kept would be served by it, and lacks something. */
  kept: (protocol, state) => {
    const kept = byte(state, KEPT)
    if (
      kept === 0 ||
      (protocol.rules.local === 'revalidated' && ((kept & 1) === 0 || !isOpen(protocol, state)))
    )
      return false
    return (byte(state, VISIBLE) & ~byte(state, KEPT_VERSION)) !== 0
  },
}

/** Whether every fence is there and has no mark. */
export function isOpen(protocol: Protocol, state: Uint8Array): boolean {
  for (let f = 0; f < protocol.layout.shape.fences; f += 1) {
    const at = protocol.layout.fence(f)
    if (byte(state, at + PENDING) !== 0 || byte(state, at + FLOOR) === MISSING) return false
  }
  return true
}

/** Whether a get would be served from Redis. */
export function isServable(protocol: Protocol, state: Uint8Array): boolean {
  return byte(state, ENTRY) === 1 && isOpen(protocol, state)
}

function lacking(protocol: Protocol, state: Uint8Array, all: number): number {
  return isServable(protocol, state) ? byte(state, all) & ~byte(state, ENTRY_VERSION) : 0
}

function isLeft(protocol: Protocol, state: Uint8Array, writer: number): boolean {
  const at = protocol.layout.writer(writer)
  const phase = byte(state, at + PHASE)
  if ((phase !== DONE && phase !== CRASHED) || byte(state, at + NOTE) !== 0) return false
  for (let r = 0; r < protocol.layout.shape.resolvers; r += 1) {
    const resolver = protocol.layout.resolver(r)
    if (byte(state, resolver + PHASE) !== IDLE && byte(state, resolver + OF_WRITER) === writer) return false
  }
  return byte(state, at + DB) !== ABORTED
}

function everyWriter(protocol: Protocol, holds: (writer: number) => boolean): boolean {
  for (let w = 0; w < protocol.layout.shape.writers; w += 1) if (!holds(w)) return false
  return true
}
