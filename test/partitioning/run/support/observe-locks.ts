import type pg from 'pg'
import type { ExpectedLock, PartitionStep } from '../../../../src/partitioning/plan/step.ts'
import { transactionText } from '../../../../src/partitioning/run/step-text.ts'
import type { EventsDatabase } from './events-database.ts'

const MODES: readonly ExpectedLock['mode'][] = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'ACCESS EXCLUSIVE',
]

/** Tables of users only, and not those in which the drop guard keeps its notes, by the names that others know: what the step itself makes is not there for them yet. */
const HELD = `select n.nspname || '.' || c.relname as table, l.mode from pg_locks l
  join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
  where l.locktype = 'relation' and l.granted and c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'pg_toast', 'seen', 'leasehold_guard')`

/** The strongest lock on each table, as `table mode`, in the order of the alphabet. */
export function strongest(
  locks: readonly { readonly table: string; readonly mode: string }[],
): readonly string[] {
  const most = new Map<string, number>()
  for (const { table, mode } of locks) {
    const rank = MODES.findIndex((name) => name === mode || sqlMode(name) === mode)
    if (rank < 0) throw new Error(`an unknown mode ${mode} on ${table}`)
    most.set(table, Math.max(rank, most.get(table) ?? 0))
  }
  return [...most].map(([table, rank]) => `${table} ${MODES[rank]}`).toSorted()
}

function sqlMode(mode: string): string {
  return `${mode.toLowerCase().replaceAll(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase())}Lock`
}

/** Has the server note what a DETACH CONCURRENTLY holds at its end, whose last transaction nobody can hold open. */
export async function watchDetach({ admin }: EventsDatabase): Promise<void> {
  await admin.query(`
    create schema seen; create table seen.lock (table_name text, mode text);
    create function seen.note() returns event_trigger language plpgsql security definer as $$ begin
      insert into seen.lock select held."table", held.mode from (${HELD} and l.pid = pg_backend_pid()) as held;
    end $$;
    create event trigger seen on ddl_command_end when tag in ('ALTER TABLE') execute function seen.note();
    alter event trigger seen disable;`)
}

/** Runs a step, and tells what it holds before it commits. */
export async function observeStep(
  { admin }: EventsDatabase,
  client: pg.Client & { readonly processID: number },
  step: PartitionStep,
): Promise<readonly string[]> {
  if (/concurrently/.test(step.statements.join(' '))) {
    await admin.query('truncate seen.lock; alter event trigger seen enable')
    for (const statement of step.statements) await client.query(statement)
    await admin.query('alter event trigger seen disable')
    const { rows } = await admin.query<{ table: string; mode: string }>(
      'select table_name as table, mode from seen.lock',
    )
    return strongest(rows)
  }
  const text = transactionText(step, false)
  await client.query(text.slice(0, text.lastIndexOf('commit;')))
  const { rows } = await admin.query<{ table: string; mode: string }>(`${HELD} and l.pid = $1`, [
    client.processID,
  ])
  await client.query('commit')
  return strongest(rows)
}
