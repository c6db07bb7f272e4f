import type { CatalogClient } from '../catalog/catalog-client.ts'
import type { TableLock } from '../policy/policy-statement.ts'

/** A session that has locked a table, and may be what a step waits for. */
export interface LockHolder {
  readonly pid: number
  readonly user: string | null
  readonly application: string | null
  /** Such as `active`, `idle in transaction`, or `autovacuum worker` for what is no client. */
  readonly state: string
  /** Seconds for which its transaction has been open. */
  readonly openForSeconds: number
}

/** Those whose transactions have been open the longest. No texts of statements: they may hold values. */
const HOLDERS = `select activity.pid, activity.usename as user, activity.application_name as application,
    case when activity.backend_type = 'client backend' then coalesce(activity.state, 'unknown') else activity.backend_type end as state,
    coalesce(round(extract(epoch from clock_timestamp() - activity.xact_start))::int, 0) as "openForSeconds"
  from pg_catalog.pg_stat_activity as activity
  where activity.pid <> pg_backend_pid() and activity.pid in (
    select pid from pg_catalog.pg_locks where relation = any ($1::text[]::regclass[]) and granted)
  order by activity.xact_start nulls last limit 5`

/** Who has locked the tables of a step at this moment. */
export async function findHolders(
  client: CatalogClient,
  locks: readonly TableLock[],
): Promise<readonly LockHolder[]> {
  if (locks.length === 0) return []
  const { rows } = await client.query(HOLDERS, [locks.map(({ ident }) => ident)])
  return rows as readonly LockHolder[]
}

/** A holder in a few words, for a message. */
export function describeHolder({ pid, user, application, state, openForSeconds }: LockHolder): string {
  const who = [user, application].filter(Boolean).join(', ')
  return `process ${pid}${who ? ` (${who})` : ''}, ${state}, its transaction open for ${openForSeconds} s`
}
