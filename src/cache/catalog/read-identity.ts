import type { CacheDatabase, LogPosition } from '../database.ts'

/** Whose rows the cache holds: the same in every process that may share them, and in no other. */
export interface DatabaseIdentity {
  readonly systemId: string
  readonly database: string
  readonly role: string
  /** Of PostgreSQL, which a promotion makes anew: what was cached on the lost side of one is not there any more. */
  readonly timeline: number | undefined
}

const IDENTITY = `select pg_catalog.current_database()::text as database, current_user::text as role,
  (select oid::text from pg_catalog.pg_database where datname = pg_catalog.current_database()) as oid`

/** Milliseconds for the question where the primary stands. */
const POSITION_MS = 5_000

/**
 * Who the database is. Where the role may not read the system's identifier, the database's oid and its name have to do, so one
 * Redis must then not serve two clusters under one prefix.
 */
export async function readIdentity(
  database: Pick<CacheDatabase, 'ask' | 'position'>,
): Promise<DatabaseIdentity> {
  const [row] = (await database.ask(IDENTITY)) as readonly {
    readonly database: string
    readonly role: string
    readonly oid: string
  }[]
  const at: LogPosition | undefined = await database.position(POSITION_MS)
  return {
    systemId: at?.systemId ?? `oid ${row?.oid}`,
    database: row?.database ?? '',
    role: row?.role ?? '',
    timeline: at?.timeline,
  }
}
