import type pg from 'pg'

type Query = pg.Client['query']

/**
 * The client of a transaction that is rolled back later, for code that begins and ends transactions of its own: those become savepoints.
 * What is left out is the isolation, of which nobody else's work can make a difference to tables that nobody else sees.
 */
export function withinTransaction(client: pg.Client): Pick<pg.Client, 'query'> {
  const query = (text: string, values?: unknown[]) => client.query(nested(text), values)
  return { query: query as Query }
}

function nested(text: string): string {
  if (/^\s*(begin|start transaction)\b/i.test(text)) return 'savepoint nested'
  if (/^\s*commit\b/i.test(text)) return 'release savepoint nested'
  if (/^\s*rollback\b/i.test(text)) return 'rollback to savepoint nested; release savepoint nested'
  return text
}
