import type pg from 'pg'
import type { IsolationTally } from './isolation-workload.ts'

/** What the table itself says about a workload, read by the superuser, whom no policy limits. */
export interface IsolationAudit {
  /** Rows whose tenant is not the one that wrote them, or not the one that the operation was for. */
  readonly misplacedRows: number
  /** Writes reported committed of which rows are missing. */
  readonly lostWrites: number
  /** Writes of which there are more rows than were written once. */
  readonly duplicateWrites: number
  /** Writes reported failed of which there are rows. */
  readonly resurrectedWrites: number
  /** Writes of which some rows are there and others are not, whatever was reported. */
  readonly tornWrites: number
}

/** Holds the outcomes that were reported against the rows that are there. */
export async function auditIsolation(admin: pg.Pool, tally: IsolationTally): Promise<IsolationAudit> {
  const { rows } = await admin.query<{ operation: string; tenants: string[]; tags: string[]; found: number }>(
    `select operation, array_agg(distinct tenant_id::text) as tenants, array_agg(distinct tag::text) as tags,
            count(*)::int as found
     from canaries where operation > 0 group by operation`,
  )
  const found = new Map(rows.map((row) => [Number(row.operation), row]))
  const audit = { misplacedRows: 0, lostWrites: 0, duplicateWrites: 0, resurrectedWrites: 0, tornWrites: 0 }
  for (const [operation, { tenant, rows: written, outcome }] of tally.outcomes) {
    const row = found.get(operation)
    found.delete(operation)
    const count = row?.found ?? 0
    if (row && (row.tenants.join() !== tenant || row.tags.join() !== tenant)) audit.misplacedRows += 1
    if (outcome === 'committed' && count < written) audit.lostWrites += 1
    if (outcome === 'failed' && count > 0) audit.resurrectedWrites += 1
    if (count > written) audit.duplicateWrites += 1
    if (count > 0 && count < written) audit.tornWrites += 1
  }
  // Rows of an operation that never was can only be misplaced ones.
  audit.misplacedRows += found.size
  return audit
}
