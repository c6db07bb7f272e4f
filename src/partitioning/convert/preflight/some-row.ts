import { isServerError } from '../../../errors/server-error.ts'
import type { CatalogClient } from '../../../rls/catalog/catalog-client.ts'

/** `insufficient_privilege`: what `row_security = off` makes of a query that policies would filter. */
const WOULD_BE_FILTERED = '42501'

/**
 * Whether a table has a row.
 *
 * @param from for SQL, with a condition or without
 * @returns nothing where policies would hide rows from the one who asks
 */
export async function someRow(client: CatalogClient, from: string): Promise<boolean | undefined> {
  await client.query('begin read only')
  try {
    await client.query('set local row_security = off')
    const { rows } = await client.query(`select exists (select from ${from}) as found`)
    const [row] = rows as readonly { readonly found: boolean }[]
    return row?.found === true
  } catch (error) {
    if (isServerError(error) && error.code === WOULD_BE_FILTERED) return undefined
    throw error
  } finally {
    await client.query('rollback')
  }
}
