import { ConfigError } from '../../errors/config.ts'
import type { IsolationSession } from './isolation-session.ts'
import type { TestedTable } from './tested-table.ts'

/** What messages call the tenants, whose ids are values. */
export const NAMES = ['the first tenant', 'the second tenant'] as const

/**
 * Reads a table as each of two tenants, and without one.
 *
 * @returns what was seen that must not be, each as the end of a sentence
 * @throws {ConfigError} a tenant has no row, so that nothing could be shown
 */
export async function readLeaks(
  session: IsolationSession,
  table: TestedTable,
  tenants: readonly [string, string],
): Promise<readonly string[]> {
  const leaks: string[] = []
  for (const side of [0, 1] as const) {
    await session.become(side)
    const { own, foreign } = await count(session, table, tenants[side])
    if (own === 0) {
      throw new ConfigError(
        `${NAMES[side]} of options.tenants sees no row of its own in ${table.object}, so that nothing can be said of it. ` +
          'Name tenants that have rows there; give `settings` where policies read more than the tenant.',
      )
    }
    if (foreign > 0) leaks.push(`${NAMES[side]} sees ${rowsOf(foreign)} of others`)
  }
  await session.become('empty')
  return [...leaks, ...(await readLeaksWithoutTenant(session, table, 'with an empty tenant'))]
}

/** Reads a table as the session is, which stands for no tenant. An error shows no row. */
export async function readLeaksWithoutTenant(
  session: IsolationSession,
  { ident }: TestedTable,
  context: string,
): Promise<readonly string[]> {
  const seen = await session.attempt(`select pg_catalog.count(*)::int as n from ${ident}`)
  if (seen.outcome !== 'done') return []
  const [{ n }] = seen.reply as readonly [{ n: number }]
  return n > 0 ? [`${context} ${rowsOf(n)} can be seen`] : []
}

/** In words: `1 row`. */
function rowsOf(count: number): string {
  return `${count} ${count === 1 ? 'row' : 'rows'}`
}

async function count(
  session: IsolationSession,
  { ident, tenant, tenantType }: TestedTable,
  id: string,
): Promise<{ own: number; foreign: number }> {
  const [row] = await session.ask(
    `select (count(*) filter (where ${tenant} = $1::${tenantType}))::int as own,
       (count(*) filter (where ${tenant} is distinct from $1::${tenantType}))::int as foreign from ${ident}`,
    [id],
  )
  return row as { own: number; foreign: number }
}
