import type pg from 'pg'
import { type Leasehold, uuid } from '../../src/index.ts'
import type { CanaryRow, IsolationEngine } from './isolation-workload.ts'

const READ = /^select\b/i

/** leasehold, in its three forms. */
export function leaseholdEngine(db: Leasehold): IsolationEngine {
  return {
    async single(tenant, { text, values }) {
      const readOnly = READ.test(text)
      return (await db.tenant(uuid(tenant), { readOnly }).query<CanaryRow>(text, values)).rows
    },
    async batch(tenant, statements) {
      const results = await db.tenant(uuid(tenant)).batch(statements)
      return results.flatMap(({ rows }) => rows as unknown as CanaryRow[])
    },
    transaction(tenant, statements) {
      return db.withTenant(uuid(tenant), async (tx) => {
        const rows: CanaryRow[] = []
        for (const { text, values } of statements)
          rows.push(...(await tx.query<CanaryRow>(text, values)).rows)
        return rows
      })
    },
  }
}

/**
 * The control, which must be seen to fail: the tenant is set for the session, as on a connection of one's own, and the
 * statements follow. Behind pgbouncer in transaction mode they may reach a session that was set for another tenant.
 */
export function sessionSetEngine(pool: pg.Pool): IsolationEngine {
  const run = async (tenant: string, statements: readonly { text: string; values: readonly unknown[] }[]) => {
    const client = await pool.connect()
    let failed = true
    try {
      await client.query(`select set_config('app.tenant_id', $1, false)`, [tenant])
      const rows: CanaryRow[] = []
      for (const { text, values } of statements) {
        rows.push(...(await client.query<CanaryRow & pg.QueryResultRow>(text, [...values])).rows)
      }
      failed = false
      return rows
    } finally {
      client.release(failed)
    }
  }
  return {
    single: (tenant, statement) => run(tenant, [statement]),
    batch: run,
    transaction: run,
  }
}
