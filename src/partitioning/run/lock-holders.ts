import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import type { ExpectedLock } from '../plan/step.ts'
import { conflictingModes } from './lock-conflicts.ts'

/** A transaction that holds a lock which a step would have to wait for. Never with the text of a statement, which may hold values. */
export interface LockHolder {
  /** Nothing for a prepared transaction, which has no process. */
  readonly pid: number | null
  readonly application: string | null
  /** Such as `idle in transaction`; nothing where the role may not know. */
  readonly state: string | null
  /** `schema.name` of the table. */
  readonly table: string
  /** As `pg_locks.mode` has it. */
  readonly mode: string
  /** Milliseconds for which the transaction has been open, or for which this run has known of it. */
  readonly ageMs: number
}

/**
 * `xact_start` of others is shown to roles with pg_read_all_stats; who holds what is shown to everybody.
 *
 * @see https://www.postgresql.org/docs/current/view-pg-locks.html
 */
const HOLDERS = `select held.pid, held.virtualtransaction || '@' || coalesce(held.pid, 0) as transaction, held.mode,
  wanted.name as table, activity.application_name as application,
  case when held.pid is null then 'prepared transaction' when activity.backend_type <> 'client backend' then activity.backend_type
    else activity.state end as state,
  (extract(epoch from pg_catalog.clock_timestamp() - coalesce(activity.xact_start, prepared.prepared)) * 1000)::pg_catalog.float8 as age
from rows from (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) as wanted (name, mode)
join pg_catalog.pg_namespace as space on true
join pg_catalog.pg_class as class on class.relnamespace = space.oid and space.nspname || '.' || class.relname = wanted.name
join pg_catalog.pg_locks as held on held.locktype = 'relation' and held.relation = class.oid and held.granted
  and held.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
  and held.mode = wanted.mode and held.pid is distinct from pg_catalog.pg_backend_pid()
left join pg_catalog.pg_stat_activity as activity on activity.pid = held.pid
left join pg_catalog.pg_prepared_xacts as prepared on held.pid is null
  and prepared.transaction::text = pg_catalog.split_part(held.virtualtransaction, '/', 2)
order by age desc nulls last, held.pid`

interface HolderRow extends Omit<LockHolder, 'ageMs'> {
  readonly transaction: string
  readonly age: number | null
}

/** Keeps in mind since when transactions are known, whose age the server does not tell. */
export class LockWatch {
  readonly #client: CatalogClient
  readonly #seenMs = new Map<string, number>()

  constructor(client: CatalogClient) {
    this.#client = client
  }

  /** All transactions of others that hold what keeps these locks from being granted, the oldest first, each once. */
  async holders(locks: readonly ExpectedLock[]): Promise<readonly LockHolder[]> {
    if (locks.length === 0) return []
    const pairs = locks.flatMap(({ table, mode }) =>
      conflictingModes(mode).map((held) => [table, held] as const),
    )
    const { rows } = await this.#client.query(HOLDERS, [
      pairs.map(([table]) => table),
      pairs.map(([, mode]) => mode),
    ])
    const holders = new Map<string, LockHolder>()
    for (const row of rows as readonly HolderRow[]) {
      if (!holders.has(row.transaction)) holders.set(row.transaction, this.#holder(row))
    }
    return [...holders.values()].toSorted((one, other) => other.ageMs - one.ageMs)
  }

  #holder({ transaction, pid, application, state, table, mode, age }: HolderRow): LockHolder {
    const nowMs = performance.now()
    const seenMs = this.#seenMs.get(transaction) ?? nowMs
    this.#seenMs.set(transaction, seenMs)
    const ageMs = Math.max(0, Math.round(age === null ? nowMs - seenMs : Number(age)))
    return { pid, application, state, table, mode, ageMs }
  }
}

/** A holder in a few words, for a message. */
export function describeHolder({ pid, application, state, table, mode, ageMs }: LockHolder): string {
  const who = [application, state].filter(Boolean).join(', ')
  const process = pid === null ? 'a prepared transaction' : `process ${pid}`
  return `${process}${who ? ` (${who})` : ''} holds ${mode} on ${table}, in a transaction of ${(ageMs / 1_000).toFixed(1)} s`
}
