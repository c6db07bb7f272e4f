/** What runs a statement in the transaction of a load. */
interface Reading {
  query(text: string): Promise<{ readonly rows: readonly unknown[] }>
}

/**
 * A transaction holds a lock on every table that it has read, until it ends: those of its policies and of the functions that they
 * call as well. So the locks tell what a value depends on, whatever was declared.
 *
 * @see https://www.postgresql.org/docs/current/view-pg-locks.html
 */
const LOCKED = `select distinct namespace.nspname || '.' || class.relname as name
  from pg_catalog.pg_locks as lock
  join pg_catalog.pg_class as class on class.oid = lock.relation
  join pg_catalog.pg_namespace as namespace on namespace.oid = class.relnamespace
  where lock.pid = pg_catalog.pg_backend_pid() and lock.locktype = 'relation' and class.relkind in ('r', 'p', 'v', 'm', 'f')
    and not class.relispartition
    and namespace.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
  order by 1`

/** Tables and views that the transaction has read so far, `schema.name`; partitions count as their table. */
export async function tablesRead(tx: Reading): Promise<readonly string[]> {
  const { rows } = await tx.query(LOCKED)
  return (rows as readonly { readonly name: string }[]).map(({ name }) => name)
}
