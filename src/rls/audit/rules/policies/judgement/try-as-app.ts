import type { CatalogClient } from '../../../../catalog/catalog-client.ts'
import { quoteText } from '../../../../sql/quote.ts'

/** What came of a query: its first value, or the SQLSTATE of its failure; `undefined` when it could not be tried. */
export type Trial = { readonly value: string | null } | { readonly sqlstate: string } | undefined

/** A query that takes longer is given up. */
const TRIAL_TIMEOUT_MS = 500
/** No right to take the role, to use a schema, or to run a function; and a statement's timeout. */
const UNTRIED: ReadonlySet<unknown> = new Set(['42501', '57014', '25006'])

/** How to run queries as the application would. */
export interface TrialSession {
  readonly role: string
  readonly searchPath: string
}

/**
 * Runs a query as the application's role would, read only and for a limited time, and takes everything back.
 *
 * A policy's function runs with the rights of whoever asks, so the audit does not run one with its own. One that is hostile could
 * still take them by RESET ROLE: where those who own schemas are not trusted, audit with a role that is no superuser.
 *
 * @param query one row with one column of type text
 * @param settings values for the transaction
 */
export async function tryAsApp(
  client: CatalogClient,
  { role, searchPath }: TrialSession,
  query: string,
  settings: Readonly<Record<string, string>>,
): Promise<Trial> {
  const all = {
    ...settings,
    transaction_read_only: 'on',
    row_security: 'on',
    statement_timeout: String(TRIAL_TIMEOUT_MS),
    search_path: searchPath,
    role,
  }
  const sets = Object.entries(all).map(
    ([name, value]) => `pg_catalog.set_config(${quoteText(name)}, ${quoteText(value)}, true)`,
  )
  await client.query('savepoint leasehold_trial')
  try {
    await client.query(`select ${sets.join(', ')}`)
    const { rows } = await client.query(query)
    const [row = {}] = rows as readonly Record<string, string | null>[]
    return { value: Object.values(row)[0] ?? null }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // Without a SQLSTATE it is the connection that failed, and the audit with it.
    if (typeof code !== 'string' || code.length !== 5) throw error
    return UNTRIED.has(code) ? undefined : { sqlstate: code }
  } finally {
    await client.query('rollback to savepoint leasehold_trial; release savepoint leasehold_trial')
  }
}
