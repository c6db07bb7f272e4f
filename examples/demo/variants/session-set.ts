import { Pool, type PoolClient } from 'pg'
import type { Statement, TenantAccess, TenantRow, Variant, VariantOptions } from '../tenant-access.ts'

/**
 * The bug. SET lasts as long as the server's session, and the session is not ours: behind pgbouncer in transaction
 * mode the next statement runs on whichever server connection is free, under the tenant that was set there last.
 */
export function connectSessionSet(options: VariantOptions): Variant {
  const pool = new Pool({ ...options, application_name: 'session-set' })
  // An idle connection that is lost leaves the pool by itself.
  pool.on('error', () => {})

  async function withSession<Result>(tenantId: string, work: (client: PoolClient) => Promise<Result>) {
    const client = await pool.connect()
    try {
      await client.query(`set app.tenant_id = ${client.escapeLiteral(tenantId)}`)
      return await work(client)
    } finally {
      client.release()
    }
  }

  async function inTransaction<Result>(client: PoolClient, work: () => Promise<Result>) {
    await client.query('begin')
    try {
      const result = await work()
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback')
      throw error
    }
  }

  return {
    name: 'session-set',
    as: (tenantId): TenantAccess => ({
      query: (statement) => withSession(tenantId, (client) => rowsOf(client, statement)),
      batch: (statements) =>
        withSession(tenantId, (client) =>
          inTransaction(client, async () => {
            const rows: TenantRow[] = []
            for (const statement of statements) rows.push(...(await rowsOf(client, statement)))
            return rows
          }),
        ),
      transaction: (work) =>
        withSession(tenantId, (client) =>
          inTransaction(client, () => work((statement) => rowsOf(client, statement))),
        ),
    }),
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

async function rowsOf<Row extends TenantRow>(client: PoolClient, { text, values }: Statement) {
  return (await client.query<Row>(text, [...values])).rows
}
