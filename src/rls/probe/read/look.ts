import type { ProbeContext, TenantContext } from '../context/probe-context.ts'
import type { ProbeTransaction } from '../session/probe-transaction.ts'
import { literal } from '../sql/from.ts'
import type { ReadSource } from './read-source.ts'

/** Rows beyond these are not counted: one is enough to say. */
const MOST_ROWS = 1_000
/** A table is copied out only where no more rows than these are its tenant's. */
const MOST_COPIED = 10_000

/** What was seen of a source in a context. */
export interface Sight {
  readonly source: ReadSource
  readonly context: ProbeContext
  /** Rows that are not the tenant's: those of other tenants, or only such as are nobody's. `undefined` where nothing could be seen. */
  readonly foreign: 'none' | 'unowned' | 'owned' | undefined
  /** The tenant has rows. */
  readonly own: boolean
  /** By which statement. */
  readonly by: 'SELECT' | 'a cursor' | 'COPY'
  /** The SQLSTATE with which it was refused. */
  readonly code?: string
}

/** Looks into a source, in the context that the transaction has, for rows that should not be there. */
export async function look(
  transaction: ProbeTransaction,
  source: ReadSource,
  context: ProbeContext | TenantContext,
  otherId: string,
): Promise<Sight> {
  const id = 'tenant' in context ? context.tenant.id : undefined
  const attempt = await transaction.attempt(lookQuery(source, id, otherId))
  const sight = { source, context, by: 'SELECT' as const }
  if (!attempt.done) return { ...sight, foreign: undefined, own: false, code: attempt.code }
  const [row] = attempt.rows as readonly { others: number; owned: number; own: boolean; copied: number }[]
  const { others = 0, owned = 0, own = false, copied = 0 } = row ?? {}
  if (others > 0) return { ...sight, foreign: owned > 0 ? 'owned' : 'unowned', own }
  const by = id === undefined ? undefined : await lookOtherwise(transaction, source, id, copied)
  return by ? { ...sight, foreign: 'owned', own, by } : { ...sight, foreign: 'none', own }
}

function lookQuery({ tenant, from, relation }: ReadSource, id: string | undefined, otherId: string): string {
  const owned = tenant ? `pg_catalog.count(${tenant.ident})` : 'pg_catalog.count(*)'
  const is = (operator: string) =>
    tenant && id !== undefined ? `where ${tenant.ident} ${operator} ${literal(id, tenant.type)}` : undefined
  const own = relation && is('=') ? `exists (select from ${relation.ident} ${is('=')})` : 'false'
  const copied =
    relation?.kind === 'r' && id !== undefined
      ? `(select pg_catalog.count(*)::int from (select from only ${relation.ident} limit ${MOST_COPIED + 1}) as rows)`
      : '0'
  return `select pg_catalog.count(*)::int as others, ${owned}::int as owned, ${own} as own, ${copied} as copied
    from (select ${tenant?.ident ?? ''} from ${from(otherId)} as source ${is('is distinct from') ?? ''} limit ${MOST_ROWS}) as seen`
}

/**
 * A cursor and COPY are ways of their own through PostgreSQL's code, where SELECT shows nothing.
 *
 * @param rows that a COPY should copy
 */
async function lookOtherwise(
  transaction: ProbeTransaction,
  { relation, tenant }: ReadSource,
  id: string,
  rows: number,
): Promise<'a cursor' | 'COPY' | undefined> {
  if (!relation || !tenant) return undefined
  const foreign = `select 1 from ${relation.ident} where ${tenant.ident} is distinct from ${literal(id, tenant.type)}`
  const cursor = await transaction.attempt(
    `declare leasehold_probe no scroll cursor for ${foreign}`,
    'fetch 1 from leasehold_probe',
  )
  if (cursor.done && cursor.rowCount > 0) return 'a cursor'
  // PostgreSQL copies out only what holds rows itself.
  if (relation.kind !== 'r' || rows > MOST_COPIED) return undefined
  const copied = await transaction.attempt(`copy ${relation.ident} (${tenant.ident}) to stdout`)
  return copied.done && copied.rowCount > rows ? 'COPY' : undefined
}
