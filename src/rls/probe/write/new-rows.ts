import type { ProbedColumn } from '../schema/probed-column.ts'
import type { Attempt } from '../session/attempt.ts'
import { literal } from '../sql/from.ts'
import { insertedRow, isRow, whyNoInsert } from '../sql/row-statements.ts'
import { ARM_ONCE, ONCE } from '../sql/tripwire.ts'
import { judgeNewRow, type Verdict } from './verdict.ts'
import type { WriteProbe } from './write-probe.ts'
import type { WriteSubject } from './write-subject.ts'

/** A copy of a row, as one of the victim's. */
function foreignRow({ relation, victim, own, other }: WriteSubject): string | undefined {
  const tenant = tenantColumn(relation.columns, relation.tenant)
  if (!tenant?.insertable || !relation.canInsert) return undefined
  return insertedRow(relation, {
    of: own ?? other,
    put: { [tenant.name]: literal(victim.tenant.id, tenant.type) },
    fresh: false,
  })
}

function tenantColumn(columns: readonly ProbedColumn[], name: string | null): ProbedColumn | undefined {
  return columns.find((column) => column.name === name)
}

/** INSERT of a row with the other tenant's id. */
export const insertForeign: WriteProbe = {
  way: 'INSERT rows for others',
  attempt: async (subject) => {
    const row = foreignRow(subject)
    if (!row) return undefined
    const unclear = whyNoInsert(subject.relation)
    if (unclear) return { unclear }
    return judgeNewRow(await subject.transaction.attempt(`insert into ${subject.relation.ident} ${row}`))
  },
}

/** MERGE comes by policies in code of its own (CVE-2023-39418). */
export const mergeForeign: WriteProbe = {
  way: 'insert rows for others by MERGE',
  attempt: async (subject) => {
    const { relation, transaction } = subject
    const row = relation.kind === 'v' || whyNoInsert(relation) ? undefined : foreignRow(subject)
    if (!row) return undefined
    return judgeNewRow(
      await transaction.attempt(
        `merge into ${relation.ident} as target using (select 1 as leasehold_probe) as source on false when not matched then insert ${row}`,
      ),
    )
  },
}

/**
 * UPDATE of a row of the actor's, to the other tenant's id. With a column in its condition the new row has to pass the policies of
 * SELECT too; without any, only those of UPDATE.
 *
 * @see https://www.postgresql.org/docs/current/sql-createpolicy.html
 */
export const giveAway: WriteProbe = {
  way: 'UPDATE a row of its own into one of others',
  attempt: async ({ relation, transaction, own, victim }) => {
    const tenant = tenantColumn(relation.columns, relation.tenant)
    if (!own || !tenant?.updatable) return undefined
    const update = `update ${relation.ident} set ${tenant.ident} = ${literal(victim.tenant.id, tenant.type)} where`
    const named = judgeGiven(await transaction.attempt(`${update} ${isRow(relation, own)}`))
    if (named !== 'kept out' || relation.kind === 'v') return named
    return judgeGiven(await transaction.attempt(ARM_ONCE, `${update} ${ONCE}`))
  },
}

/** Where the policies of UPDATE show no row of its own, nothing can be given away. */
function judgeGiven(attempt: Attempt): Verdict {
  return attempt.done && attempt.rowCount === 0 ? 'kept out' : judgeNewRow(attempt)
}

/**
 * COPY FROM is refused where a policy would have to be asked, and asks none where it is not. No row is sent: pg answers that it has
 * none to send, which ends the statement.
 */
export const copyIn: WriteProbe = {
  way: 'COPY rows in without any policy',
  attempt: async ({ relation, transaction }) => {
    const columns = relation.columns.filter(({ insertable, generated }) => insertable && !generated)
    if (relation.kind === 'v' || !relation.canInsert || columns.length === 0) return undefined
    const attempt = await transaction.attempt(
      `copy ${relation.ident} (${columns.map(({ ident }) => ident).join(', ')}) from stdin`,
    )
    if (attempt.done || attempt.routine === 'CopyGetData') return 'reached'
    return ['0A000', '42501'].includes(attempt.code) ? 'kept out' : { unclear: attempt.code }
  },
}
