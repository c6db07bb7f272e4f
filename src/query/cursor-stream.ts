import type { CompiledQuery, QueryResult } from 'kysely'
import { StatementInvalidError } from '../errors/statement.ts'
import { UnsupportedError } from '../errors/unsupported.ts'
import type { StatementRunner } from './statement-runner.ts'

let cursors = 0

/**
 * Streams the rows of a query in an open transaction from a cursor of the server. A chunk is fetched when the reader
 * asks for it and not before, one round trip each, so a slow reader holds back the server and no rows pile up here.
 *
 * @throws {UnsupportedError} for a query that writes, which PostgreSQL declares no cursor for
 * @throws {StatementInvalidError} for a chunk size that is no whole number of rows
 * @see https://www.postgresql.org/docs/current/sql-declare.html
 */
export async function* streamFromCursor<Row>(
  runner: StatementRunner,
  query: CompiledQuery,
  chunkSize: number,
): AsyncIterableIterator<QueryResult<Row>> {
  if (query.query.kind !== 'SelectQueryNode') {
    throw new UnsupportedError(
      'stream() of a query that writes',
      'PostgreSQL declares cursors for reads only: execute it, in several smaller writes where it returns too much.',
    )
  }
  // It becomes part of a text, so it must be a number whatever the types say.
  if (!Number.isSafeInteger(chunkSize) || chunkSize < 1) {
    throw new StatementInvalidError('The chunk size of a stream must be a whole number of rows, at least 1.')
  }
  cursors += 1
  const cursor = `leasehold_${cursors}`
  const fetch = `fetch ${chunkSize} from ${cursor}`
  const declare = { text: `declare ${cursor} no scroll cursor for ${query.sql}`, values: query.parameters }
  let rows = (await runner.batch([declare, fetch]))[1]?.rows ?? []
  let open = true
  try {
    while (rows.length > 0) {
      yield { rows: rows as Row[] }
      // After an error the transaction is aborted, and nothing but its end can be sent.
      open = false
      if (rows.length === chunkSize) rows = (await runner.query(fetch)).rows
      else rows = []
      open = true
    }
  } finally {
    // The end of the transaction closes the cursor too, so there is nothing to report where this comes too late.
    if (open) await runner.query(`close ${cursor}`).catch(ignore)
  }
}

function ignore(): void {}
