import { Pool } from 'pg'
import type { RunStatement, TenantAccess, TenantRow, Variant, VariantOptions } from '../tenant-access.ts'

/**
 * The careful way without a library: a setting that ends with the transaction. It is right, and it costs four round
 * trips where the work is one statement. pgbouncer keeps a server connection for this client throughout.
 */
export function connectHandWritten(options: VariantOptions): Variant {
  const pool = new Pool({ ...options, application_name: 'hand-written' })
  // An idle connection that is lost leaves the pool by itself.
  pool.on('error', () => {})

  async function inTransaction<Result>(tenantId: string, work: (run: RunStatement) => Promise<Result>) {
    const client = await pool.connect()
    try {
      await client.query('begin')
      await client.query("select set_config('app.tenant_id', $1, true)", [tenantId])
      const result = await work(async ({ text, values }) => (await client.query(text, [...values])).rows)
      await client.query('commit')
      client.release()
      return result
    } catch (error) {
      await client.query('rollback').then(
        () => client.release(),
        (cause: Error) => client.release(cause),
      )
      throw error
    }
  }

  return {
    name: 'hand-written',
    as: (tenantId): TenantAccess => ({
      query: (statement) => inTransaction(tenantId, (run) => run(statement)),
      batch: (statements) =>
        inTransaction(tenantId, async (run) => {
          const rows: TenantRow[] = []
          for (const statement of statements) rows.push(...(await run(statement)))
          return rows
        }),
      transaction: (work) => inTransaction(tenantId, work),
    }),
    [Symbol.asyncDispose]: () => pool.end(),
  }
}
