import type { ExpectedLock } from '../plan/step.ts'

/** A mode as `pg_locks.mode` has it. */
export type HeldMode =
  | 'AccessShareLock'
  | 'RowShareLock'
  | 'RowExclusiveLock'
  | 'ShareUpdateExclusiveLock'
  | 'ShareLock'
  | 'ShareRowExclusiveLock'
  | 'ExclusiveLock'
  | 'AccessExclusiveLock'

const WEAKEST_FIRST: readonly HeldMode[] = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
]

/**
 * The weakest mode that each conflicts with; it conflicts with all that are stronger too, but for SHARE, which gets on with itself.
 *
 * @see https://www.postgresql.org/docs/current/explicit-locking.html#TABLE-LOCK-COMPATIBILITY
 */
const FROM: Readonly<Record<ExpectedLock['mode'], HeldMode>> = {
  'ACCESS SHARE': 'AccessExclusiveLock',
  'ROW SHARE': 'ExclusiveLock',
  'ROW EXCLUSIVE': 'ShareLock',
  'SHARE UPDATE EXCLUSIVE': 'ShareUpdateExclusiveLock',
  SHARE: 'RowExclusiveLock',
  'SHARE ROW EXCLUSIVE': 'RowExclusiveLock',
  'ACCESS EXCLUSIVE': 'AccessShareLock',
}

/** The modes that keep a lock from being granted while others hold them. */
export function conflictingModes(mode: ExpectedLock['mode']): readonly HeldMode[] {
  const modes = WEAKEST_FIRST.slice(WEAKEST_FIRST.indexOf(FROM[mode]))
  return mode === 'SHARE' ? modes.filter((held) => held !== 'ShareLock') : modes
}
