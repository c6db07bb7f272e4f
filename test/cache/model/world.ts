import type { Draft } from './draft.ts'
import {
  ENTRY,
  ENTRY_RANK,
  ENTRY_VERSION,
  FLOOR,
  GENS,
  KEPT,
  MISSING,
  OLD_ENTRY,
  OLD_FLOOR,
  OLD_PENDING,
  OLD_RANK,
  OLD_VERSION,
  PENDING,
  SAME,
} from './layout.ts'
import { hasMark, keep } from './readers.ts'
import { packStep } from './step.ts'
import type { Emit } from './writers.ts'

/** What nobody asks for: leases, entries and marks end, Redis forgets fences, its replica takes over. */
export function stepWorld(now: Draft, emit: Emit): void {
  const { layout, rules } = now
  const { fences, writers } = layout.shape
  if (now.isLeased()) emit(packStep('expireLease'), (next) => next.dropLease())
  if (now.get(ENTRY) === 1) {
    emit(packStep('dropEntry'), (next) => next.dropEntry())
    if (rules.local !== 'none' && now.isServable()) emit(packStep('keep'), keep)
  }
  for (let f = 0; f < fences; f += 1) {
    const at = layout.fence(f)
    if (rules.marks === 'expire') {
      for (let w = 0; w < writers; w += 1) {
        if (!hasMark(now, f, w)) continue
        emit(packStep('expireMark', w, f), (next) =>
          next.set(at + PENDING, next.get(at + PENDING) & ~(1 << w)),
        )
      }
    }
    const mayEvict =
      rules.evicts === 'any fence' || (rules.evicts === 'unmarked fences' && now.get(at + PENDING) === 0)
    if (mayEvict && !now.isMissing(f)) {
      emit(packStep('evict', 0, f), (next) => {
        next.bump()
        next.set(at + FLOOR, MISSING).set(at + PENDING, 0)
      })
    }
  }
  if (rules.failover === 'never') return
  emit(packStep('sync'), sync)
  emit(packStep('failover'), rules.failover === 'unnoticed' ? takeOver : takeOverNoticed)
}

/** The replica has what Redis has. */
export function sync(next: Draft): void {
  for (let f = 0; f < next.layout.shape.fences; f += 1) {
    const at = next.layout.fence(f)
    next.set(at + OLD_FLOOR, next.get(at + FLOOR)).set(at + OLD_PENDING, next.get(at + PENDING))
  }
  next
    .set(OLD_ENTRY, next.get(ENTRY))
    .set(OLD_VERSION, next.get(ENTRY_VERSION))
    .set(OLD_RANK, next.get(ENTRY_RANK))
  setGens(next, (gens) => ((gens & 1) === 1 ? 3 : 0))
  next.set(SAME, 1)
}

function takeOver(next: Draft): void {
  for (let f = 0; f < next.layout.shape.fences; f += 1) {
    const at = next.layout.fence(f)
    next.set(at + FLOOR, next.get(at + OLD_FLOOR)).set(at + PENDING, next.get(at + OLD_PENDING))
  }
  next
    .set(ENTRY, next.get(OLD_ENTRY))
    .set(ENTRY_VERSION, next.get(OLD_VERSION))
    .set(ENTRY_RANK, next.get(OLD_RANK))
  setGens(next, (gens) => ((gens & 2) === 2 ? 3 : 0))
  next.dropLease()
  next.set(SAME, 1)
}

/** What was written under another epoch counts for nothing, but for its marks. */
function takeOverNoticed(next: Draft): void {
  takeOver(next)
  for (let f = 0; f < next.layout.shape.fences; f += 1) next.set(next.layout.fence(f) + FLOOR, MISSING)
  next.dropEntry()
  setGens(next, () => 0)
  sync(next)
}

function setGens(next: Draft, change: (gens: number) => number): void {
  for (let r = 0; r < next.layout.shape.readers; r += 1) {
    const at = next.layout.reader(r) + GENS
    next.set(at, change(next.get(at)))
  }
  next.set(KEPT, change(next.get(KEPT)))
}
