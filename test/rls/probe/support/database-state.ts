import { setTimeout } from 'node:timers/promises'
import type { ProbeDatabase } from './probe-database.ts'

const FLUSH_TIMEOUT_MS = 5_000
const POLL_MS = 50

/** Everything that is to stay as it is. */
export interface DatabaseState {
  /** A checksum over the rows of each table, and where they lie. */
  readonly rows: Readonly<Record<string, string>>
  /** How far each sequence has counted. */
  readonly sequences: Readonly<Record<string, string | null>>
  /** Objects of the database. */
  readonly objects: number
}

export async function readState(database: ProbeDatabase): Promise<DatabaseState> {
  const tables = await database.run<{ name: string; ident: string }>(
    `select relname as name, oid::regclass::text as ident from pg_class where relkind in ('r', 'm') and oid >= 16384 order by 1`,
  )
  const rows: Record<string, string> = {}
  for (const { name, ident } of tables) {
    const [row] = await database.run<{ sum: string }>(
      `select count(*) || ':' || md5(coalesce(string_agg(ctid::text || t::text, '' order by ctid), '')) as sum from only ${ident} as t`,
    )
    rows[name] = row?.sum ?? ''
  }
  const sequences = await database.run<{ name: string; last: string | null }>(
    'select sequencename as name, last_value as last from pg_sequences',
  )
  const [{ objects } = { objects: 0 }] = await database.run<{ objects: number }>(
    'select ((select count(*) from pg_class) + (select count(*) from pg_largeobject_metadata))::int as objects',
  )
  return { rows, sequences: Object.fromEntries(sequences.map(({ name, last }) => [name, last])), objects }
}

/** Rows that were written, whether they stayed or not, since the statistics began. */
export async function writtenRows(database: ProbeDatabase): Promise<number> {
  const [row] = await database.run<{ written: number }>(
    'select sum(n_tup_ins + n_tup_upd + n_tup_del)::int as written from pg_stat_user_tables',
  )
  return row?.written ?? 0
}

export async function rollbacks(database: ProbeDatabase): Promise<number> {
  const [row] = await database.run<{ n: number }>(
    'select xact_rollback::int as n from pg_stat_database where datname = current_database()',
  )
  return row?.n ?? 0
}

/** Waits until the statistics of a session that has ended have arrived. */
export async function statisticsFlushed(database: ProbeDatabase, rollbacksBefore: number): Promise<void> {
  const deadline = performance.now() + FLUSH_TIMEOUT_MS
  while ((await rollbacks(database)) === rollbacksBefore) {
    if (performance.now() > deadline) throw new Error(`No statistics arrived within ${FLUSH_TIMEOUT_MS} ms.`)
    await setTimeout(POLL_MS)
  }
}
