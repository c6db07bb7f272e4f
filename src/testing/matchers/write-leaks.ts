import type { Attempt, IsolationSession } from './isolation-session.ts'
import { NAMES } from './read-leaks.ts'
import type { TestedTable } from './tested-table.ts'
import { writesTo } from './writes.ts'

/**
 * Writes to a table as each of two tenants, and with an empty one, and takes all of it back. What counts is whether the other tenant
 * then sees something else than before.
 *
 * @returns what could be written that must not be, each as the end of a sentence
 */
export async function writeLeaks(
  session: IsolationSession,
  table: TestedTable,
  tenants: readonly [string, string],
): Promise<readonly string[]> {
  if (!table.isTable) return []
  const leaks: string[] = []
  for (const side of [0, 1] as const) {
    const other = side === 0 ? 1 : 0
    await session.become(side)
    const sample = await sampleOf(session, table, tenants[side])
    const view = () => session.as(other, () => digest(session, table, tenants[other]))
    const before = await view()
    for (const { what, broad, narrow } of writesTo(table, sample, tenants[other])) {
      let after = before
      const done = await session.attempt(broad.text, broad.values, async () => {
        after = await view()
      })
      const isStopped = done.outcome === 'stopped by a constraint'
      // Which row met the constraint nobody knows, unless none but the other tenant's are asked for.
      const isTheirs = isStopped && (!narrow || hits(await session.attempt(narrow.text, narrow.values)))
      if (after !== before || isTheirs) leaks.push(`${NAMES[side]} can ${what} ${NAMES[other]}`)
    }
  }
  await session.become(0)
  const sample = await sampleOf(session, table, tenants[0])
  await session.become('empty')
  return [
    ...leaks,
    ...(await writeLeaksWithoutTenant(session, table, sample, tenants[0], 'with an empty tenant')),
  ]
}

/** Writes to a table as the session is, which stands for no tenant, so that no row may be touched. */
export async function writeLeaksWithoutTenant(
  session: IsolationSession,
  table: TestedTable,
  sample: string,
  tenant: string,
  context: string,
): Promise<readonly string[]> {
  const leaks: string[] = []
  for (const { what, broad } of table.isTable ? writesTo(table, sample, tenant) : []) {
    if (hits(await session.attempt(broad.text, broad.values)))
      leaks.push(`${context} somebody can ${what} a tenant`)
  }
  return leaks
}

/** One row of a tenant, whom the session stands for, as JSON of the columns that may be read. */
export async function sampleOf(
  session: IsolationSession,
  { ident, columns, tenant, tenantType }: TestedTable,
  id: string,
): Promise<string> {
  const names = columns.filter(({ reads }) => reads).map((column) => column.ident)
  const [row] = await session.ask(
    `select pg_catalog.to_jsonb(sample)::text as sample
     from (select ${names.join(', ')} from ${ident} where ${tenant} = $1::${tenantType} limit 1) as sample`,
    [id],
  )
  return (row as { sample: string }).sample
}

function hits(attempt: Attempt): boolean {
  return attempt.outcome === 'stopped by a constraint' || (attempt.outcome === 'done' && attempt.rows > 0)
}

/**
 * The rows of a tenant, who the session stands for, in a few bytes. One that was written anew lies in another place, whatever it was
 * written with.
 *
 * @see https://www.postgresql.org/docs/current/ddl-system-columns.html
 */
async function digest(
  session: IsolationSession,
  { ident, readsAll, columns, tenant, tenantType }: TestedTable,
  id: string,
): Promise<string> {
  const names = columns.filter(({ reads }) => reads).map((column) => column.ident)
  const seen = readsAll ? 'tableoid, ctid' : names.join(', ')
  const [row] = await session.ask(
    `select count(*) || ' ' || coalesce(sum(pg_catalog.hashtextextended(row(${seen})::text, 0)), 0) as digest
     from ${ident} where ${tenant} = $1::${tenantType}`,
    [id],
  )
  return (row as { digest: string }).digest
}
