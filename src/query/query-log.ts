import type { CompiledQuery, Log } from 'kysely'

/** Runs work for queries, and writes Kysely's log as its own driver does: one entry for each query. */
export async function logQueries<T>(
  log: Log,
  queries: readonly CompiledQuery[],
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = performance.now()
  let value: T
  try {
    value = await work()
  } catch (error) {
    for (const query of queries) await writeError(log, query, startedAt, error)
    throw error
  }
  for (const query of queries) await writeQuery(log, query, startedAt, false)
  return value
}

/** Passes a stream on, and writes the log when it ends; also when its reader leaves early, which is no error. */
export async function* logStream<T>(
  log: Log,
  query: CompiledQuery,
  stream: AsyncIterableIterator<T>,
): AsyncIterableIterator<T> {
  const startedAt = performance.now()
  let failed = false
  try {
    yield* stream
  } catch (error) {
    failed = true
    await writeError(log, query, startedAt, error)
    throw error
  } finally {
    if (!failed) await writeQuery(log, query, startedAt, true)
  }
}

function writeQuery(log: Log, query: CompiledQuery, startedAt: number, isStream: boolean): Promise<void> {
  const queryDurationMillis = performance.now() - startedAt
  return log.query(() => ({ level: 'query', isStream, query, queryDurationMillis }))
}

function writeError(log: Log, query: CompiledQuery, startedAt: number, error: unknown): Promise<void> {
  const queryDurationMillis = performance.now() - startedAt
  return log.error(() => ({ level: 'error', error, query, queryDurationMillis }))
}
