/** What reads the catalogs: a connected `pg.Client`, or a client of a `pg.Pool`. */
export interface CatalogClient {
  query(text: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}
