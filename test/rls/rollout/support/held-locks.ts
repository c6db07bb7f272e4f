import type { ClientBase } from 'pg'

/** From weakest to strongest, by the names of pg_locks; without ACCESS SHARE, which every SELECT takes, and GRANT from 18 on. */
const MODES = [
  ['RowShareLock', 'ROW SHARE'],
  ['RowExclusiveLock', 'ROW EXCLUSIVE'],
  ['ShareUpdateExclusiveLock', 'SHARE UPDATE EXCLUSIVE'],
  ['ShareLock', 'SHARE'],
  ['ShareRowExclusiveLock', 'SHARE ROW EXCLUSIVE'],
  ['ExclusiveLock', 'EXCLUSIVE'],
  ['AccessExclusiveLock', 'ACCESS EXCLUSIVE'],
] as const

/** The strongest lock that a process holds on each table, as `MODE on schema.table`. */
export async function heldLocks(client: ClientBase, pid: number): Promise<readonly string[]> {
  const { rows } = await client.query<{ table: string; modes: string[] }>(
    `select nspname || '.' || relname as table, array_agg(mode) as modes
     from pg_locks join pg_class on pg_class.oid = relation join pg_namespace on pg_namespace.oid = relnamespace
     where pid = $1 and granted and relkind in ('r', 'p') and nspname !~ '^pg_' and database = (
       select oid from pg_database where datname = current_database())
     group by 1 order by 1`,
    [pid],
  )
  return rows
    .flatMap(({ table, modes }) => {
      const strongest = MODES.findLast(([name]) => modes.includes(name))
      return strongest ? [`${strongest[1]} on ${table}`] : []
    })
    .sort()
}
