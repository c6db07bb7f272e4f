import type { ReadSource } from '../read/read-source.ts'
import type { ProbeTransaction } from '../session/probe-transaction.ts'

/** What a source shows, told apart from all else that it could show, or the SQLSTATE with which it was refused. */
export type Digest = { readonly of: string } | { readonly code: string }

/** Reads all that a source shows; a function is called where nothing can be written. */
export async function digest(
  transaction: ProbeTransaction,
  { from, relation }: ReadSource,
  statements: readonly string[],
  otherId: string,
): Promise<Digest> {
  const columns = relation?.columns.filter(({ readable }) => readable).map(({ ident }) => `source.${ident}`)
  const row = columns ? `row(${columns.join(', ')})` : 'source'
  const attempt = await transaction.attempt(
    ...statements,
    // Ends with the attempt.
    'set transaction read only',
    // A sum does not depend on the order of the rows.
    `select pg_catalog.count(*) || ' ' || coalesce(pg_catalog.sum(
      pg_catalog.hashtextextended(${row}::text collate "C", 0)), 0) as digest from ${from(otherId)} as source`,
  )
  if (!attempt.done) return { code: attempt.code }
  const [shown] = attempt.rows as readonly { digest: string }[]
  return { of: shown?.digest ?? '' }
}
