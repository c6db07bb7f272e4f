import type { ArchiveClient } from './archive-client.ts'
import { ArchiveError } from './archive-error.ts'

/**
 * What decides how PostgreSQL writes a value. With `search_path` and `quote_all_identifiers` pinned, names of types and of relations
 * are written in one way too; with `row_security = off` a policy that would hide rows is an error.
 */
const PINNED: Readonly<Record<string, string>> = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'iso_8601',
  bytea_output: 'hex',
  extra_float_digits: '1',
  lc_monetary: 'C',
  xmloption: 'content',
  quote_all_identifiers: 'off',
  search_path: 'pg_catalog',
  row_security: 'off',
  jit: 'off',
  // All rows of the cursor are going to be fetched.
  cursor_tuple_fraction: '1',
  lock_timeout: '5s',
  // Between two fetches it waits for the sink.
  idle_in_transaction_session_timeout: '0',
}

/** @see https://www.postgresql.org/docs/current/multibyte.html: nothing is converted from SQL_ASCII, and what is sent may not be UTF-8. */
const UNREADABLE = 'SQL_ASCII'

/** Runs work in one transaction, in which PostgreSQL writes every value in the same way, whatever the session is set to. */
export async function inPinnedTransaction<T>(
  client: ArchiveClient,
  mode: 'isolation level repeatable read, read only' | 'isolation level read committed, read write',
  queryTimeoutMs: number,
  work: () => Promise<T>,
): Promise<T> {
  await client.query({ text: `begin transaction ${mode}` })
  try {
    await pinSettings(client, queryTimeoutMs)
    const result = await work()
    await client.query({ text: 'commit' })
    return result
  } catch (error) {
    await client.query({ text: 'rollback' }).catch(() => {})
    throw explainRefusal(error)
  }
}

/** @throws {ArchiveError} `unreadable-encoding` */
export async function pinSettings(client: ArchiveClient, queryTimeoutMs: number): Promise<void> {
  const settings = { ...PINNED, client_encoding: 'UTF8', statement_timeout: `${queryTimeoutMs}ms` }
  const { rows } = await client.query({
    text: `select pg_catalog.current_setting('server_encoding') as encoding, pg_catalog.count(pg_catalog.set_config(name, value, true))
           from rows from (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) as setting(name, value)`,
    values: [Object.keys(settings), Object.values(settings)],
  })
  const [answer] = rows as readonly { readonly encoding: string }[]
  if (answer?.encoding !== UNREADABLE) return
  throw new ArchiveError(
    'unreadable-encoding',
    `The database's encoding is ${UNREADABLE}, of which nothing says how its bytes are to be read as text, so an archive could ` +
      'not be compared byte by byte. Move the data into a database of UTF8 first. Nothing was written.',
  )
}

function explainRefusal(error: unknown): unknown {
  const { code, routine } = error as { readonly code?: unknown; readonly routine?: unknown }
  if (code !== '42501') return error
  // The same SQLSTATE says that a privilege is missing; the text depends on the server's language, the C function does not.
  if (routine === 'check_enable_rls') {
    return new ArchiveError(
      'row-security',
      'Row security hides rows of the partition from this role, so that its archive would be short. Connect as a role with BYPASSRLS. ' +
        'Nothing was noted.',
      { cause: error },
    )
  }
  return new ArchiveError(
    'privilege',
    'The role lacks a privilege; the cause says which. The archiver takes USAGE of the schema that the partition is in, SELECT on the ' +
      'partition, and what dropGuardSql() grants it; a restore runs as the owner of the partitioned table. Nothing was noted.',
    { cause: error },
  )
}
