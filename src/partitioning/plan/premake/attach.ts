import { quoteName, quoteText } from '../../../rls/sql/quote.ts'
import { identOf, objectOf } from '../../check/relation-name.ts'
import { raiseUnless } from '../../convert/guard.ts'
import { addMonths, type Month, monthStartUs, monthText } from '../../months/month.ts'
import { monthBound } from '../../months/month-bound.ts'
import { attachPastPolicies } from '../sql/attach-past-policies.ts'
import { LEDGER_LOCK, noteState } from '../sql/ledger-notes.ts'
import type { PartitionStep } from '../step.ts'
import type { TablePlanning } from '../table-planning.ts'
import { boundCheckName } from './bound-check.ts'
import { replicaIdentity } from './replica-identity.ts'

/** Whoever writes a referenced table waits behind the lock that this waits for. */
const WITH_OTHERS_MS = 50

/**
 * Attaches the table of a month. The parent is locked with SHARE UPDATE EXCLUSIVE, which no reader and no writer waits for. Tables that
 * foreign keys lead to are locked against writers while the key comes down.
 *
 * A DEFAULT partition is locked against everybody, as its rows might belong here: one without a page is looked through in no time.
 *
 * @see https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-ATTACH-PARTITION
 */
export function attachStep(planning: TablePlanning, month: Month): PartitionStep {
  const { object, table, fallback } = planning
  const partition = planning.partition(month)
  const ident = identOf(partition)
  const range = `from (${monthBound(month, table.keyType)}) to (${monthBound(addMonths(month, 1), table.keyType)})`
  const related = planning.relatedLocks('SHARE ROW EXCLUSIVE')
  return planning.step('premake', monthText(month), 'attach', {
    partition: partition.name,
    purpose: `Attaches the table of ${monthText(month)}: from then on its rows are taken.`,
    statements: [
      ...(fallback ? lockEmptyDefault(fallback) : []),
      ...attachPastPolicies(`alter table ${planning.ident} attach partition ${ident} for values ${range};`, {
        ident,
        owner: planning.parent.owner,
        hasForeignKeys: planning.parent.foreignKeys.length > 0,
      }),
      `alter table ${ident} drop constraint ${quoteName(boundCheckName(partition.name))};`,
      ...replicaIdentity(planning, ident),
      noteState(
        {
          table: object,
          partition: partition.name,
          oid: `${quoteText(ident).trimStart()}::pg_catalog.regclass`,
          lowUs: monthStartUs(month),
          highUs: monthStartUs(addMonths(month, 1)),
        },
        'attached',
      ),
    ],
    locks: [
      { table: object, mode: 'SHARE UPDATE EXCLUSIVE' },
      { table: objectOf(partition), mode: 'ACCESS EXCLUSIVE' },
      ...(fallback ? [{ table: objectOf(fallback), mode: 'ACCESS EXCLUSIVE' } as const] : []),
      ...related,
      LEDGER_LOCK,
    ],
    ...(fallback || related.length > 0 ? { lockTimeoutMs: WITH_OTHERS_MS } : {}),
    undo: `alter table ${planning.ident} detach partition ${ident} concurrently;`,
  })
}

/** First of all, so that nobody is kept waiting by a transaction that waits for this lock itself. */
function lockEmptyDefault(fallback: {
  readonly schema: string
  readonly name: string
  readonly oid: number
}): readonly string[] {
  return [
    `lock table ${identOf(fallback)} in access exclusive mode;`,
    raiseUnless(
      `pg_catalog.pg_relation_size(${fallback.oid}) = 0`,
      `the DEFAULT partition ${objectOf(fallback)} is no longer empty; plan again`,
    ),
  ]
}
