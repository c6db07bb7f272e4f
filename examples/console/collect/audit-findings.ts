import { type AuditOptions, runAudit } from 'leasehold/rls'
import type pg from 'pg'
import type { AuditFinding } from './observation.ts'

/** Looks for every known way past the wall between tenants. Reads catalogs, in a transaction that can change nothing. */
export async function readFindings(
  client: pg.ClientBase,
  options: AuditOptions,
): Promise<readonly AuditFinding[]> {
  await client.query('begin isolation level repeatable read read only')
  try {
    // Compiling queries that are run once takes longer than they do.
    await client.query('set local jit = off')
    const findings = await runAudit(client, options)
    return findings.map(({ rule, severity, object, message, fix }) => ({
      rule,
      severity,
      object,
      message,
      fix,
    }))
  } finally {
    // Where the connection is gone, the first error says so.
    await client.query('rollback').catch(() => {})
  }
}
