import type { Attempt } from '../session/attempt.ts'
import { stashed } from './stash.ts'

/**
 * Calls that make the condition dear. A condition without columns leaks none, so it may be asked before the policies where it costs less
 * than ten operators (`order_qual_clauses` in createplan.c). `random()` also keeps it from being asked once before the first row.
 */
const DEAR = Array.from({ length: 12 }, () => 'pg_catalog.random()').join(' + ')

/**
 * SQL for a condition that fails where it is asked at all: 1 divided by the length of a setting that is empty.
 *
 * So a statement shows that it reached a row of a table without changing it. The condition names no column: a column would call for
 * SELECT, and with it for the policies of SELECT. Conditions that a view makes may be asked after it.
 *
 * @see https://www.postgresql.org/docs/current/ddl-rowsecurity.html
 */
export const TRIPWIRE: string = `(${DEAR}) * 0 + 1 / pg_catalog.length(${stashed('nothing')}) > 0`

/** What has to be set for {@link TRIPWIRE}. */
export const ARM_TRIPWIRE = `select pg_catalog.set_config('leasehold_probe.nothing', '', true)`

/**
 * SQL for a condition that holds for the first row that it is asked about, and for no other. Like {@link TRIPWIRE} it names no column,
 * and is asked after the policies.
 */
export const ONCE: string = `case when (${DEAR}) >= 0 and ${stashed('met')} = ''
  then pg_catalog.set_config('leasehold_probe.met', 'a row', true) <> '' else false end`

/** What has to be set for {@link ONCE}. */
export const ARM_ONCE = `select pg_catalog.set_config('leasehold_probe.met', '', true)`

/** DIVISION BY ZERO, in the statement itself. */
export function tripped(attempt: Attempt): boolean {
  return !attempt.done && attempt.code === '22012' && !attempt.nested
}
