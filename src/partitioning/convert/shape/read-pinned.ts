import type { CatalogClient } from '../../../rls/catalog/catalog-client.ts'

/**
 * Reads catalogs in one snapshot, under settings that make what they print the same everywhere: expressions are printed with
 * qualified names where the search path lacks their schemas, and instants in the session's zone and style.
 */
export async function readPinned<T>(client: CatalogClient, read: () => Promise<T>): Promise<T> {
  await client.query('begin isolation level repeatable read read only')
  try {
    await client.query(
      "set local search_path = pg_catalog; set local timezone = 'UTC'; set local datestyle = 'ISO'; set local intervalstyle = 'iso_8601'; set local row_security = off",
    )
    return await read()
  } finally {
    await client.query('rollback')
  }
}
