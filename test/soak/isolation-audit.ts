import { ISOLATION_TENANTS } from './isolation-schema.ts'
import type { OutcomeLedger } from './outcome-ledger.ts'

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

/** Who reads the table, with nothing hidden from it. */
export interface Auditor {
  query(text: string, values: unknown[]): Promise<{ rows: readonly AuditedWrite[] }>
}

/** One write as the table has it. */
export interface AuditedWrite {
  readonly operation: string
  readonly tenants: readonly string[]
  readonly tags: readonly string[]
  readonly found: number
}

const PAGE = 50_000
const WRITES = `
  select operation, array_agg(distinct tenant_id::text) as tenants, array_agg(distinct tag::text) as tags,
         count(*)::int as found
  from canaries where operation between $1 and $2 group by operation`

/**
 * Holds the outcomes that were reported against the rows that are there.
 *
 * @param name what the ledger's numbers of tenants stand for
 */
export async function auditIsolation(
  admin: Auditor,
  { outcomes }: { readonly outcomes: OutcomeLedger },
  name: (tenant: number) => string = (tenant) => ISOLATION_TENANTS[tenant] ?? '',
): Promise<IsolationAudit> {
  const audit = { misplacedRows: 0, lostWrites: 0, duplicateWrites: 0, resurrectedWrites: 0, tornWrites: 0 }
  // Operation 0 is what the schema put there. Rows of an operation that never was can only be misplaced ones.
  for (const beyond of [
    [-Number.MAX_SAFE_INTEGER, -1] as const,
    [outcomes.limit + 1, Number.MAX_SAFE_INTEGER] as const,
  ]) {
    audit.misplacedRows += (await admin.query(WRITES, [...beyond])).rows.length
  }
  for (let first = 1; first <= outcomes.limit; first += PAGE) {
    const last = Math.min(first + PAGE - 1, outcomes.limit)
    const { rows } = await admin.query(WRITES, [first, last])
    const found = new Map(rows.map((row) => [Number(row.operation), row]))
    for (let number = first; number <= last; number += 1) {
      const row = found.get(number)
      const write = outcomes.get(number)
      if (!write) {
        if (row) audit.misplacedRows += 1
        continue
      }
      const tenant = name(write.tenant)
      const count = row?.found ?? 0
      if (row && (row.tenants.join() !== tenant || row.tags.join() !== tenant)) audit.misplacedRows += 1
      if (write.outcome === 'committed' && count < write.rows) audit.lostWrites += 1
      if (write.outcome === 'failed' && count > 0) audit.resurrectedWrites += 1
      if (count > write.rows) audit.duplicateWrites += 1
      if (count > 0 && count < write.rows) audit.tornWrites += 1
    }
  }
  return audit
}
