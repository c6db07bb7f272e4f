import type pg from 'pg'

const STATEMENT_TIMEOUT_MS = 60_000
const LOCK_TIMEOUT_MS = 5_000

/** Reads the catalogs as they are at one moment, in a transaction that can change nothing and waits for nobody for long. */
export async function readingCatalogs<T>(
  client: pg.Client,
  read: (client: pg.Client) => Promise<T>,
): Promise<T> {
  await client.query('begin isolation level repeatable read read only')
  await client.query(`set local statement_timeout = ${STATEMENT_TIMEOUT_MS}`)
  await client.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`)
  // Compiling queries that are run once takes longer than they do.
  await client.query('set local jit = off')
  try {
    return await read(client)
  } finally {
    // After an error as well: the connection may be used further. Where it is gone, the first error says so.
    await client.query('rollback').catch(() => {})
  }
}
