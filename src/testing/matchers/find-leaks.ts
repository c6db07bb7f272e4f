import { probeKeys } from '../../rls/probe/probe-keys.ts'
import { roleGaps } from '../../rls/verify/role-gaps.ts'
import { reportRole } from '../../rls/verify/role-report.ts'
import { IsolationSession } from './isolation-session.ts'
import type { IsolationClient, IsolationPool, IsolationSubject } from './isolation-subject.ts'
import { readLeaks, readLeaksWithoutTenant } from './read-leaks.ts'
import { findTable, type TestedTable } from './tested-table.ts'
import { sampleOf, writeLeaks, writeLeaksWithoutTenant } from './write-leaks.ts'

/** What came of the test of one table. */
export interface IsolationResult {
  /** `schema.name`. */
  readonly object: string
  /** Every way from one tenant to another that was found, as a sentence without its full stop. Holds no value and no tenant. */
  readonly leaks: readonly string[]
}

/**
 * Tries to get from one tenant to another in a table, over a connection of the pool, and takes back whatever it did.
 *
 * @param name `schema.name`, or the name alone where search_path finds it
 * @throws {ConfigError} nothing could be shown: there is no such table, or a tenant has no row in it
 * @throws the server's own error, or that of the connection
 */
export async function findLeaks(subject: IsolationSubject, name: string): Promise<IsolationResult> {
  const { pool, tenantColumn } = subject
  return onPooled(pool, async (client) => {
    const report = await reportRole(client, tenantColumn)
    const ofRole = roleGaps(report).map(({ cause }) => cause.replace(/\.$/, ''))
    const table = await findTable(client, tenantColumn, name)
    const { leaks, sample } = await IsolationSession.run(client, subject, async (session) => {
      const read = await readLeaks(session, table, subject.tenants)
      const written = await writeLeaks(session, table, subject.tenants)
      await session.become(0)
      return { leaks: [...read, ...written], sample: await sampleOf(session, table, subject.tenants[0]) }
    })
    // An exempt role is told of already, and would reach everything.
    const ofKeys = ofRole.length > 0 ? [] : await leaksOfKeys(client, subject, report.currentRole, table)
    const unset = await leaksOfUnset(subject, table, sample)
    return { object: table.object, leaks: [...ofRole, ...leaks, ...ofKeys, ...unset] }
  })
}

/** PostgreSQL checks keys without policies. */
async function leaksOfKeys(
  client: IsolationClient,
  { tenants, tenantColumn, tenantSetting, settings }: IsolationSubject,
  role: string,
  { object }: TestedTable,
): Promise<readonly string[]> {
  const tenant = (id: string) => ({ id, settings: Object.fromEntries(settings) })
  const found = await probeKeys(client, {
    role,
    tenants: [tenant(tenants[0]), tenant(tenants[1])],
    tenantColumn,
    tenantSetting,
    object,
  })
  return found.map(({ message }) => message.replace(/\.$/, ''))
}

/** Runs work on a connection of the pool, which is ended where the work fails: nobody knows what it has left there. */
export async function onPooled<T>(
  pool: IsolationPool,
  work: (client: IsolationClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let isSound = false
  try {
    const result = await work(client)
    isSound = true
    return result
  } finally {
    client.release(!isSound)
  }
}

/**
 * The setting is NULL only in a session that never had it, so that takes a connection of its own. Behind a pooler such a connection
 * may be given a backend that has had it; then nothing can be tried that the empty setting has not shown.
 */
async function leaksOfUnset(
  subject: IsolationSubject,
  table: TestedTable,
  sample: string,
): Promise<readonly string[]> {
  const { Client, options } = subject.pool
  if (!Client) return []
  const client = new Client(options)
  await client.connect()
  try {
    return await IsolationSession.run(client, subject, async (session) => {
      if (!(await session.isUnset())) return []
      const context = 'with the tenant never set'
      const read = await readLeaksWithoutTenant(session, table, context)
      return [
        ...read,
        ...(await writeLeaksWithoutTenant(session, table, sample, subject.tenants[0], context)),
      ]
    })
  } finally {
    await client.end()
  }
}
