import type { Attempt } from '../session/attempt.ts'
import { tripped } from '../sql/tripwire.ts'

/** What an attempt to write shows: it reached what it must not, was kept from it, or (an SQLSTATE, or why not) neither. */
export type Verdict = 'reached' | 'kept out' | { readonly unclear: string }

/** Whether nothing was found out. */
export function isUnclear(verdict: Verdict | undefined): verdict is { readonly unclear: string } {
  return typeof verdict === 'object'
}

/**
 * Errors that come before the policies are asked: a partition that is not there, and a domain that takes no such value.
 */
const BEFORE_POLICIES: ReadonlySet<string> = new Set([
  'ExecFindPartition',
  'ExecEvalConstraintNotNull',
  'ExecEvalConstraintCheck',
  'domain_check_input',
  'errdatatypeconstraint',
])

/**
 * Judges an attempt to make a row that the policies must refuse. They are asked before constraints, indexes and foreign keys
 * (`ExecInsert` in nodeModifyTable.c), so an error of those says that the policies let the row through.
 */
export function judgeNewRow(attempt: Attempt): Verdict {
  if (attempt.done) {
    return attempt.rowCount > 0
      ? 'reached'
      : { unclear: 'a trigger or a rule put something else in its place' }
  }
  const { code, nested, routine = '' } = attempt
  if (nested) return { unclear: code }
  // 42501 is a policy's refusal and a lacking privilege; 44000 the CHECK OPTION of a view.
  if (code === '42501' || code === '44000') return 'kept out'
  return code.startsWith('23') && !BEFORE_POLICIES.has(routine) ? 'reached' : { unclear: code }
}

/**
 * Judges an attempt to change a row of another tenant: it ends at a tripwire, or counts what it changed, or a constraint refuses what
 * it has found.
 */
export function judgeChange(attempt: Attempt): Verdict {
  if (attempt.done) return attempt.rowCount > 0 ? 'reached' : 'kept out'
  const { code, nested } = attempt
  if (tripped(attempt) || (code.startsWith('23') && !nested)) return 'reached'
  return code === '42501' && !nested ? 'kept out' : { unclear: code }
}
